using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

internal sealed partial class DeploymentStore
{
    [LoggerMessage(3010, LogLevel.Warning, "Project {Project}: {File} cannot be read and is passed over")]
    private partial void LogUnreadable(Exception exception, string project, string file);

    [LoggerMessage(3011, LogLevel.Warning, "Project {Project}: version {Version} is passed over, for its files are gone")]
    private partial void LogFilesMissing(string project, int version);

    [LoggerMessage(3012, LogLevel.Information, "Project {Project}: removed version {Version}")]
    private partial void LogRemoved(string project, int version);

    [LoggerMessage(3013, LogLevel.Warning, "{Directory} cannot be removed now and is tried again later")]
    private partial void LogNotRemoved(Exception exception, string directory);

    [LoggerMessage(3014, LogLevel.Warning, "Project {Project}: {File} cannot be written now; what it says of the version that serves is right")]
    private partial void LogNotRecorded(Exception exception, string project, string file);
}
