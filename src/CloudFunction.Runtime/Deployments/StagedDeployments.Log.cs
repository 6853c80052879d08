using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

internal sealed partial class StagedDeployments
{
    [LoggerMessage(3012, LogLevel.Information, "Project {Project}: removed version {Version}")]
    private partial void LogRemoved(string project, int version);

    [LoggerMessage(3018, LogLevel.Warning, "Project {Project}: version {Version} is skipped ({Reason})")]
    private partial void LogDamaged(string project, int version, string reason);

    [LoggerMessage(3014, LogLevel.Warning,
        "Project {Project}: what was last deployed from its folder cannot be recorded now; which versions serve is right")]
    private partial void LogNotRecorded(Exception exception, string project);

    [LoggerMessage(3015, LogLevel.Warning, "What is kept of {Project}, which is no longer a project, cannot be removed; the next start tries again")]
    private partial void LogStrayStays(Exception exception, string project);

    [LoggerMessage(3016, LogLevel.Warning,
        "Project {Project}: what version {Version} needs of this machine has changed and cannot be recorded now; it runs all the same")]
    private partial void LogContentsNotRecorded(Exception exception, string project, int version);
}
