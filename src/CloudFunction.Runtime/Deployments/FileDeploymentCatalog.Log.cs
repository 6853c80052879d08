using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

internal sealed partial class FileDeploymentCatalog
{
    [LoggerMessage(3019, LogLevel.Warning, "Project {Project}: what serves is recorded anew; the damaged record is kept in {File}")]
    private partial void LogDamagedReplaced(string project, string file);
}
