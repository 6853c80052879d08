using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Events 2400 to 2499.</summary>
internal static partial class ProjectsWatcherLog
{
    [LoggerMessage(2401, LogLevel.Debug, "The folder {Folder} has changed and is quiet")]
    public static partial void Changed(ILogger logger, string folder);

    [LoggerMessage(2402, LogLevel.Error, "Taking the change of the folder {Folder} failed unexpectedly: its next change is taken again")]
    public static partial void TakingFailed(ILogger logger, string folder, Exception exception);

    [LoggerMessage(2403, LogLevel.Warning,
        "The system does not report changes in {ProjectsDirectory} ({Reason}): they are found by scans, and deployed some seconds later. Where "
        + "inotify's limits are the reason, raise fs.inotify.max_user_watches or fs.inotify.max_user_instances with sysctl; "
        + "it is tried again every {Seconds} s")]
    public static partial void CannotListen(ILogger logger, string projectsDirectory, string reason, double seconds);

    [LoggerMessage(2404, LogLevel.Information, "The system reports changes in {ProjectsDirectory} again")]
    public static partial void ListensAgain(ILogger logger, string projectsDirectory);

    [LoggerMessage(
        2405, LogLevel.Warning,
        "{ProjectsDirectory} is not there or cannot be read: what is deployed goes on serving, and changes are taken once it can be read")]
    public static partial void Unreadable(ILogger logger, string projectsDirectory);

    [LoggerMessage(2406, LogLevel.Information, "{ProjectsDirectory} can be read again")]
    public static partial void Readable(ILogger logger, string projectsDirectory);

    [LoggerMessage(2407, LogLevel.Error, "Checking {ProjectsDirectory} for changes failed unexpectedly: it is tried again")]
    public static partial void PollFailed(ILogger logger, string projectsDirectory, Exception exception);
}
