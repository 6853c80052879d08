using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

internal sealed partial class DeploymentStager
{
    [LoggerMessage(3001, LogLevel.Information, "Project {Project}: staged version {Version} from {Directory}")]
    private partial void LogStaged(string project, int version, string directory);
}
