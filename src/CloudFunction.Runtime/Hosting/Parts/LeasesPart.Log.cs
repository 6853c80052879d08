using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting.Parts;

/// <summary>Events 2506 to 2508 and 2510.</summary>
internal sealed partial class LeasesPart
{
    [LoggerMessage(
        2506, LogLevel.Error,
        "The lease in the store is lost, it was not renewed for {Seconds} s: others may run what this host had claimed, and its own runs are cut")]
    private static partial void LogLost(ILogger logger, double seconds);

    [LoggerMessage(2507, LogLevel.Error, "The lease in the store cannot be renewed; it is tried again: {Reason}")]
    private static partial void LogStoreFailed(ILogger logger, string reason);

    [LoggerMessage(2508, LogLevel.Information, "The lease in the store can be renewed again")]
    private static partial void LogStoreBack(ILogger logger);

    [LoggerMessage(2510, LogLevel.Error, "Renewing the lease in the store failed unexpectedly; it is tried again")]
    private static partial void LogUnexpected(ILogger logger, Exception exception);
}
