using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Http;

internal sealed partial class HttpFunctionEndpoint
{
    [LoggerMessage(
        7131, LogLevel.Warning, "The response of {Project}/{Function} cannot be sent: {Reason} (invocation {InvocationId}, trace {TraceId})")]
    private partial void LogNotSent(string project, string function, string reason, string invocationId, string traceId);
}
