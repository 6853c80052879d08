using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints;

internal sealed partial class ApiErrorBoundary
{
    [LoggerMessage(7101, LogLevel.Error, "{Method} {Endpoint} failed (trace {TraceId})")]
    private partial void LogUnhandled(Exception exception, string method, string? endpoint, string traceId);

    [LoggerMessage(7114, LogLevel.Error, "{Method} {Endpoint} was turned away: the disk of {Folder} is full (trace {TraceId})")]
    private partial void LogStorageFull(Exception exception, string method, string? endpoint, string folder, string traceId);

    [LoggerMessage(7102, LogLevel.Warning, "{Method} {Endpoint} was turned away: the task store failed (trace {TraceId})")]
    private partial void LogStoreFailed(Exception exception, string method, string? endpoint, string traceId);
}
