using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects;

internal sealed partial class ProjectStateFile
{
    [LoggerMessage(4001, LogLevel.Warning, "{File} is corrupt: it was kept as {Aside}, and times, counts and stopped projects start anew")]
    private partial void LogCorrupt(Exception exception, string file, string aside);
}
