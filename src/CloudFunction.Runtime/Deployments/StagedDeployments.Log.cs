using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

internal sealed partial class StagedDeployments
{
    [LoggerMessage(3012, LogLevel.Information, "Project {Project}: removed version {Version}")]
    private partial void LogRemoved(string project, int version);

    [LoggerMessage(3014, LogLevel.Warning,
        "Project {Project}: what was last deployed from its folder cannot be recorded now; which versions serve is right")]
    private partial void LogNotRecorded(Exception exception, string project);
}
