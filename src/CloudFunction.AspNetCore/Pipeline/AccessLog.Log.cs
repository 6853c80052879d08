using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Pipeline;

/// <summary>Events 7401 to 7499.</summary>
internal sealed partial class AccessLog
{
    [LoggerMessage(
        7401, LogLevel.Information, "{Method} {Path} {Status} in {DurationMs} ms, {Bytes} bytes, from {Client} (trace {TraceId})",
        SkipEnabledCheck = true)]
    private partial void LogRequest(string method, string path, int status, double durationMs, long? bytes, string? client, string traceId);

    [LoggerMessage(
        7402, LogLevel.Information,
        "{Method} {Path} {Status} in {DurationMs} ms, {Bytes} bytes, from {Client} (project {Project}, function {Function}, trace {TraceId})",
        SkipEnabledCheck = true)]
    private partial void LogProjectRequest(
        string method, string path, int status, double durationMs, long? bytes, string? client, string project, string function, string traceId);

    [LoggerMessage(
        7403, LogLevel.Information,
        "{Method} {Path} {Status} {Code} in {DurationMs} ms, {Bytes} bytes, from {Client} (project {Project}, function {Function}, trace {TraceId})",
        SkipEnabledCheck = true)]
    private partial void LogFailure(
        string method, string path, int status, string code, double durationMs, long? bytes, string? client, string project, string function,
        string traceId);

    [LoggerMessage(
        7404, LogLevel.Information,
        "{Method} {Path} {Status} cut after {DurationMs} ms, from {Client} (project {Project}, function {Function}, trace {TraceId})",
        SkipEnabledCheck = true)]
    private partial void LogCut(
        string method, string path, int status, double durationMs, string? client, string project, string function, string traceId);
}
