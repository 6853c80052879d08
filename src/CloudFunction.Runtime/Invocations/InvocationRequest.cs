using System.IO.Pipelines;

namespace CloudFunction.Runtime.Invocations;

/// <summary>One call as its caller states it.</summary>
/// <param name="Body">The payload's bytes, not looked at and not read before the call is admitted.</param>
/// <param name="Timeout">The caller's own limit, which can only shorten the function's; null for none.</param>
/// <param name="TraceParent">The caller's W3C trace context, or null.</param>
internal readonly record struct InvocationRequest(PipeReader Body, TimeSpan? Timeout = null, string? TraceParent = null);
