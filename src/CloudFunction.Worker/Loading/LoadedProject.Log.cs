using Microsoft.Extensions.Logging;

namespace CloudFunction.Worker.Loading;

// Event ids 1100 to 1199 belong to loading and unloading projects.
internal sealed partial class LoadedProject
{
    [LoggerMessage(1100, LogLevel.Error, "Hosted service {Service} failed to stop")]
    private static partial void LogStopFailed(ILogger logger, Exception exception, string service);

    [LoggerMessage(1101, LogLevel.Error, "Background service {Service} has failed and runs no more")]
    private static partial void LogBackgroundServiceFailed(ILogger logger, Exception exception, string service);

    [LoggerMessage(1102, LogLevel.Error, "Disposing the project's services failed")]
    private static partial void LogDisposeFailed(ILogger logger, Exception exception);
}
