using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects;

/// <summary>Events 2100 to 2199.</summary>
internal static partial class ProjectLog
{
    [LoggerMessage(2101, LogLevel.Information, "Project {Project} serves version {Version} with {Count} functions")]
    public static partial void Serving(ILogger logger, string project, int version, int count);

    [LoggerMessage(2102, LogLevel.Error, "Project {Project} cannot start: {Reason}")]
    public static partial void StartFailed(ILogger logger, string project, string reason);

    [LoggerMessage(2114, LogLevel.Error, "Project {Project} cannot start (error {ErrorId}): {Reason}")]
    public static partial void Failed(ILogger logger, string project, string? errorId, string? reason);

    [LoggerMessage(2103, LogLevel.Information, "Project {Project} has stopped")]
    public static partial void Stopped(ILogger logger, string project);

    [LoggerMessage(2104, LogLevel.Information, "Project {Project} is stopped by an operator and stays so until it is started")]
    public static partial void StaysStopped(ILogger logger, string project);

    [LoggerMessage(2105, LogLevel.Error, "The folder {Folder} is no project: {Reason}")]
    public static partial void InvalidFolder(ILogger logger, string folder, string reason);

    [LoggerMessage(2106, LogLevel.Error, "Saving the projects' state failed")]
    public static partial void FlushFailed(ILogger logger, Exception exception);

    [LoggerMessage(2107, LogLevel.Information, "{Project} version {Version} passes over {Class}")]
    public static partial void PassedOver(ILogger logger, string project, int version, string @class);

    [LoggerMessage(2109, LogLevel.Error, "Project {Project} was not deployed anew, version {Version} goes on: {Reason}")]
    public static partial void DeployFailed(ILogger logger, string project, int version, string reason);

    [LoggerMessage(2110, LogLevel.Warning, "Project {Project} serves version {Version}, which is not what its folder holds")]
    public static partial void ServesOlder(ILogger logger, string project, int version);

    [LoggerMessage(2111, LogLevel.Information, "Project {Project} was removed: {Reason}")]
    public static partial void Removed(ILogger logger, string project, string reason);

    [LoggerMessage(2112, LogLevel.Information, "Project {Project} was found")]
    public static partial void Found(ILogger logger, string project);

    [LoggerMessage(2113, LogLevel.Error, "A schedule of project {Project} is left out: {Problem}")]
    public static partial void ScheduleWrong(ILogger logger, string project, string problem);

    [LoggerMessage(2108, LogLevel.Warning, "Removing old versions of {Project} failed")]
    public static partial void TrimFailed(ILogger logger, string project, Exception exception);
}
