using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects;

/// <summary>What the host logs about projects, in its own log. Events 2100 to 2199.</summary>
internal sealed partial class ProjectLog(ILogger logger)
{
    private readonly ILogger _logger = logger;
    private readonly ConcurrentDictionary<string, string> _cleanUpFailures = new(StringComparer.Ordinal);

    /// <summary>The host's own log.</summary>
    public ILogger Logger => _logger;

    /// <summary>What a project no longer needs cannot be removed now. Logged once until it is for another reason.</summary>
    public void CleanUpFailed(string project, string reason)
    {
        if (_cleanUpFailures.GetValueOrDefault(project) != reason)
        {
            _cleanUpFailures[project] = reason;
            LogCleanUpFailed(project, reason);
        }
    }

    [LoggerMessage(2101, LogLevel.Information, "Project {Project} serves version {Version} with {Count} functions")]
    public partial void Serving(string project, int version, int count);

    [LoggerMessage(2102, LogLevel.Error, "Project {Project} cannot start: {Reason}")]
    public partial void StartFailed(string project, string reason);

    [LoggerMessage(2114, LogLevel.Error, "Project {Project} cannot start (error {ErrorId}): {Reason}")]
    public partial void Failed(string project, string? errorId, string? reason);

    [LoggerMessage(2103, LogLevel.Information, "Project {Project} has stopped")]
    public partial void Stopped(string project);

    [LoggerMessage(2104, LogLevel.Information, "Project {Project} is stopped by an operator and stays so until it is started")]
    public partial void StaysStopped(string project);

    [LoggerMessage(2105, LogLevel.Error, "The folder {Folder} is not a project: {Reason}")]
    public partial void InvalidFolder(string folder, string reason);

    [LoggerMessage(2106, LogLevel.Error, "Saving the projects' state failed ({Reason}); it is tried again every few seconds")]
    public partial void FlushFailed(string reason);

    [LoggerMessage(2115, LogLevel.Information, "The projects' state is saved again")]
    public partial void FlushedAgain();

    [LoggerMessage(2107, LogLevel.Information, "{Project} version {Version} skips {Class}")]
    public partial void Skipped(string project, int version, string @class);

    [LoggerMessage(2109, LogLevel.Error, "Project {Project} was not deployed anew, version {Version} goes on: {Reason}")]
    public partial void DeployFailed(string project, int version, string reason);

    [LoggerMessage(2110, LogLevel.Warning, "Project {Project} serves version {Version}, which is not what its folder holds")]
    public partial void ServesOlder(string project, int version);

    [LoggerMessage(2111, LogLevel.Information, "Project {Project} was removed: {Reason}")]
    public partial void Removed(string project, string reason);

    [LoggerMessage(2112, LogLevel.Information, "Project {Project} was found")]
    public partial void Found(string project);

    [LoggerMessage(2113, LogLevel.Error, "A schedule of project {Project} is left out: {Problem}")]
    public partial void ScheduleWrong(string project, string problem);

    [LoggerMessage(2118, LogLevel.Warning, "Project {Project}: {Warning}")]
    public partial void VariablesUnclear(string project, string warning);

    [LoggerMessage(2108, LogLevel.Warning, "Removing old versions of {Project} failed")]
    public partial void TrimFailed(string project, Exception exception);

    [LoggerMessage(2116, LogLevel.Warning, "Removing {Folder} from the trash failed; it is tried again")]
    public partial void TrashStays(string folder, Exception exception);

    [LoggerMessage(2117, LogLevel.Warning, "Removing what project {Project} no longer needs failed ({Reason}); it is tried again")]
    private partial void LogCleanUpFailed(string project, string reason);
}
