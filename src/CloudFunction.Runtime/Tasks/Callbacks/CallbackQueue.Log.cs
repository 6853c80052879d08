using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Events 2600 to 2699. Of a URL only the host is written: the rest may hold a secret.</summary>
internal static partial class CallbackQueueLog
{
    [LoggerMessage(2601, LogLevel.Debug, "Notified {Host} of task {TaskId}: {Reason}")]
    public static partial void Delivered(ILogger logger, TaskId taskId, string host, string reason);

    [LoggerMessage(
        2602, LogLevel.Information, "Notifying {Host} of task {TaskId} failed at try {Try}, the next one follows in {Delay}: {Reason}")]
    public static partial void TryingAgain(ILogger logger, TaskId taskId, string host, int @try, TimeSpan delay, string reason);

    [LoggerMessage(2603, LogLevel.Warning, "{Host} will not be notified of task {TaskId}, after {Tries} tries: {Reason}")]
    public static partial void GivenUp(ILogger logger, TaskId taskId, string host, int tries, string reason);

    [LoggerMessage(2604, LogLevel.Warning, "The callbacks' store does not work; it is tried again every second: {Reason}")]
    public static partial void StoreFailed(ILogger logger, string reason);

    [LoggerMessage(2606, LogLevel.Information, "The callbacks' store works again")]
    public static partial void StoreBack(ILogger logger);

    [LoggerMessage(2605, LogLevel.Error, "Notifying {Host} of task {TaskId} failed unexpectedly")]
    public static partial void TryFailed(ILogger logger, TaskId taskId, string host, Exception exception);
}
