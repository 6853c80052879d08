using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Session;

internal static partial class WorkerLog
{
    [LoggerMessage(1001, LogLevel.Error, "A callback that a function registered on its cancellation token failed.")]
    public static partial void CancellationCallbackFailed(ILogger logger, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "A task failed and its exception was not observed.")]
    public static partial void UnobservedTaskException(ILogger logger, Exception exception);

    [LoggerMessage(1004, LogLevel.Error, "Stopping the project's services failed.")]
    public static partial void StopFailed(ILogger logger, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "Warming up failed")]
    public static partial void WarmUpFailed(ILogger logger, Exception exception);
}
