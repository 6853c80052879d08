using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Functions;

// Event ids 1000 to 1099 belong to running functions.
internal static partial class InvocationCleanup
{
    [LoggerMessage(1000, LogLevel.Error, "Disposing function {Function} or its services failed after invocation {InvocationId} had ended")]
    private static partial void LogDisposeFailed(ILogger logger, Exception exception, string function, string invocationId);
}
