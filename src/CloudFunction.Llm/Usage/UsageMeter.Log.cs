using Microsoft.Extensions.Logging;

namespace CloudFunction.Llm.Usage;

internal sealed partial class UsageMeter
{
    [LoggerMessage(1, LogLevel.Information, "{Provider} answered with {Model}: {InputTokens} tokens in, {OutputTokens} out, {Elapsed} ms")]
    private static partial void LogUsage(ILogger logger, string provider, string model, long inputTokens, long outputTokens, long elapsed);

    [LoggerMessage(2, LogLevel.Warning, "{Provider} answered with {Model} and did not report how many tokens it took: they are not counted")]
    private static partial void LogUsageUnknown(ILogger logger, string provider, string model);

    [LoggerMessage(3, LogLevel.Warning, "Try {Attempt} at {Provider} failed ({Reason}): trying again in {Delay} ms")]
    private static partial void LogRetrying(ILogger logger, string provider, int attempt, string reason, long delay);

    [LoggerMessage(4, LogLevel.Warning, "A request to {Provider} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string provider, string reason);

    [LoggerMessage(
        5, LogLevel.Error,
        "The tokens of an answer could not be written down in the project's data directory: they are missing in its usage and its budget")]
    private static partial void LogLedgerFailed(ILogger logger, Exception exception);
}
