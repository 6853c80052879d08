using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

internal sealed partial class FileDeploymentCatalog
{
    [LoggerMessage(3010, LogLevel.Warning, "Project {Project}: {File} cannot be read and is skipped")]
    private partial void LogUnreadable(Exception exception, string project, string file);
}
