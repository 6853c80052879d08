using System.IO.Pipelines;
namespace CloudFunction.Runtime.Invocations;

/// <summary>One call as its caller states it.</summary>
/// <param name="Body">The payload's bytes, not looked at and not read before the call is admitted.</param>
/// <param name="Timeout">The caller's own limit, which can only shorten the function's; null for none.</param>
/// <param name="TraceParent">The caller's W3C trace context, or null.</param>
internal readonly record struct InvocationRequest(PipeReader Body, TimeSpan? Timeout = null, string? TraceParent = null)
{
    /// <summary>Which attempt at the same thing it is, from 1; 0 stands for the first too.</summary>
    public int Attempt { get; init; }

    /// <summary>How items are to come, if the function is a streaming one.</summary>
    public ResultFormat Format { get; init; }

    /// <summary>The HTTP request, where it is a call of an HTTP function: its body is sent while the function runs. Else null.</summary>
    public HttpCall? Http { get; init; }

    /// <summary>Its id, where it was given one already; null for a new one.</summary>
    public UInt128? Id { get; init; }
}
