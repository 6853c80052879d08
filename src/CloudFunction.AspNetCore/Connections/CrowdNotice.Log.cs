using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>Events 7501 to 7599.</summary>
internal sealed partial class CrowdNotice
{
    [LoggerMessage(
        7501, LogLevel.Warning,
        "All {MaxConnections} connections that the server may have (MAX_CONNECTIONS, or what the limit of file descriptors leaves) were open: closed "
        + "to make room, as they were idle or slow: {Closed}; new ones that waited, as none was: {Waited}")]
    private static partial void LogCrowded(ILogger logger, int maxConnections, long closed, long waited);
}
