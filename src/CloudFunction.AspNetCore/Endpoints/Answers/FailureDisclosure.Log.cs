using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

internal sealed partial class FailureDisclosure
{
    // Anybody may cause as many of these as calls: the cause, which may be long, is logged once, where it arose.
    [LoggerMessage(7121, LogLevel.Information, "{Project}/{Function} was not served: {Reason} (error {ErrorId}, trace {TraceId})")]
    private partial void LogNotServed(string? project, string? function, string? reason, string? errorId, string traceId);
}
