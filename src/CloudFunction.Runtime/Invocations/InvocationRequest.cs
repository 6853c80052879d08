using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>One call as its caller states it.</summary>
/// <param name="Body">The payload's bytes, unparsed. But for an HTTP function they are all there: nobody waits for them in a place of the
/// project's.</param>
/// <param name="Timeout">The caller's own limit, which can only shorten the function's; null for none.</param>
/// <param name="TraceParent">The caller's W3C trace context, or null.</param>
internal readonly record struct InvocationRequest(PipeReader Body, TimeSpan? Timeout = null, string? TraceParent = null)
{
    /// <summary>All of the payload, where it was read already: then <see cref="Body"/> is neither read nor advanced over. Valid until the result has
    /// begun.</summary>
    public ReadOnlySequence<byte>? Whole { get; init; }

    /// <summary>What was read of <see cref="Body"/> already and not advanced over, of a call of an HTTP function; null for nothing.</summary>
    public ReadResult? First { get; init; }

    /// <summary>What the call takes while its body is still coming; null for nothing.</summary>
    public BodyPlace? BodyPlace { get; init; }

    /// <summary>Whether its body may still be coming while the function runs.</summary>
    public bool IsBodyComing => Http is { HasBody: true } && First is not { IsCompleted: true };

    /// <summary>Which attempt at the same thing it is, from 1; 0 stands for the first too.</summary>
    public int Attempt { get; init; }

    /// <summary>How items are to come, if the function is a streaming one.</summary>
    public ItemEncoding Items { get; init; }

    /// <summary>The HTTP request, where it is a call of an HTTP function: its body is sent while the function runs. Else null.</summary>
    public HttpCallHead? Http { get; init; }

    /// <summary>Its id, where it was given one already; null for a new one.</summary>
    public UInt128? Id { get; init; }

    /// <summary>So much of <see cref="Body"/> was sent; nothing to do where it is not read.</summary>
    public void Advance(SequencePosition consumed)
    {
        if (Whole is null)
        {
            Body.AdvanceTo(consumed);
        }
    }
}
