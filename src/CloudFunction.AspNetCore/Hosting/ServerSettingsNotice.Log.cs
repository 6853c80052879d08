using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Hosting;

internal sealed partial class ServerSettingsNotice
{
    [LoggerMessage(
        7001, LogLevel.Warning,
        "Set, but not in force: {Settings}. This app configures its server itself; call builder.AddCloudFunctionServer() to apply them.")]
    private partial void LogNotInForce(string settings);

    [LoggerMessage(
        7002, LogLevel.Warning,
        "FORWARDED_ALLOW_IPS is * and the server listens on {Address}: whoever can reach it can pass for another client address, scheme and host. "
        + "Set it to the proxies' addresses, or PROXY_HEADERS to false where there is none.")]
    private partial void LogEveryPeerIsTrusted(string address);

    [LoggerMessage(
        7003, LogLevel.Information,
        "The server takes {MaxConnections} connections at once, fewer than MAX_CONNECTIONS: this process may open {Limit} file descriptors, and "
        + "workers, builds, logs and the store need the rest")]
    private partial void LogFewerConnections(int maxConnections, int? limit);

    [LoggerMessage(
        7004, LogLevel.Information,
        "At most {Waiting} calls of a project wait at once, fewer than MAX_QUEUE ({MaxQueue}): each holds a connection, and the others are "
        + "for who else calls")]
    private partial void LogFewerWaiting(int waiting, int maxQueue);
}
