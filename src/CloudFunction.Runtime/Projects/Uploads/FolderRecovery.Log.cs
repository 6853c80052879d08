using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Events 2150 to 2159, of those of projects.</summary>
internal static partial class FolderRecovery
{
    [LoggerMessage(2150, LogLevel.Warning, "Project {Project}: the host ended while its folder was being replaced; it has its former content again")]
    private static partial void LogPutBack(ILogger logger, string project);

    [LoggerMessage(
        2151, LogLevel.Error,
        "Project {Project}: the host ended while its folder was being replaced, and its former content cannot be put back; rename {Folder} by hand")]
    private static partial void LogNotPutBack(ILogger logger, Exception exception, string project, string folder);

    [LoggerMessage(2152, LogLevel.Warning, "{Folder} is no longer needed and cannot be removed now; the next start tries again")]
    private static partial void LogNotRemoved(ILogger logger, string folder);
}
