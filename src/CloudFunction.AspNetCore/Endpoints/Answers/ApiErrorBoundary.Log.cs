using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

internal sealed partial class ApiErrorBoundary
{
    [LoggerMessage(7101, LogLevel.Error, "{Method} {Path} failed (trace {TraceId})")]
    private partial void LogUnhandled(Exception exception, string method, string path, string traceId);
}
