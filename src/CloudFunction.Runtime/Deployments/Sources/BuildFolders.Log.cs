using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments.Sources;

internal sealed partial class BuildFolders
{
    [LoggerMessage(3017, LogLevel.Warning, "The build in {Directory} is of no use any more and cannot be removed; it is tried again")]
    private partial void LogNotRemoved(Exception exception, string directory);
}
