using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

internal sealed partial class DeploymentFiles
{
    [LoggerMessage(3011, LogLevel.Warning, "Project {Project}: version {Version} is skipped because its files are gone")]
    private partial void LogFilesMissing(string project, int version);

    [LoggerMessage(3013, LogLevel.Warning, "{Directory} cannot be removed now and is tried again later")]
    private partial void LogNotRemoved(Exception exception, string directory);
}
