using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>Events 7501 to 7599.</summary>
internal sealed partial class CrowdNotice
{
    [LoggerMessage(7501, LogLevel.Warning, "All {MaxConnections} connections that the server may have (MAX_CONNECTIONS, or what the limit of file descriptors leaves) were open: {Closed} idle ones were closed to make room, and {Waited} new ones waited because none was idle")]
    private static partial void LogCrowded(ILogger logger, int maxConnections, long closed, long waited);
}
