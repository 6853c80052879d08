using System.Buffers;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>The frame that begins a call at its worker: the header, and behind it the beginning of what the call is given.</summary>
internal static class InvokeFrame
{
    /// <summary>How much of a payload goes with the header.</summary>
    public const int MaxPayloadBytes = FrameHeader.MaxPayloadBytes - InvokeHeader.MaxBytes;

    /// <summary>The header of a call whose stream is open.</summary>
    /// <param name="invocation">The call.</param>
    /// <param name="attempt">Which attempt at the same thing it is; 0 stands for the first too.</param>
    public static InvokeHeader HeaderOf(Invocation invocation, int attempt) => new(
        invocation.Target.Number,
        invocation.Id,
        Math.Max(0, (long)invocation.Worker.Until(invocation.Deadline).TotalMilliseconds),
        Math.Max(1, attempt),
        invocation.TraceParent,
        invocation.WantedItems);

    /// <summary>Sends the frame.</summary>
    /// <param name="invocation">The call; its stream is open.</param>
    /// <param name="attempt">As in <see cref="HeaderOf"/>.</param>
    /// <param name="part">The payload, or its beginning: at most <see cref="MaxPayloadBytes"/>.</param>
    /// <param name="whole">Whether nothing follows.</param>
    /// <returns>False where there was no credit.</returns>
    public static bool TrySend(Invocation invocation, int attempt, in ReadOnlySequence<byte> part, bool whole)
    {
        Span<byte> header = stackalloc byte[InvokeHeader.MaxBytes];
        header = header[..HeaderOf(invocation, attempt).Write(header)];
        if (part.IsSingleSegment)
        {
            return invocation.Worker.TrySendInvoke(invocation, header, part.FirstSpan, whole);
        }

        var copy = ArrayPool<byte>.Shared.Rent((int)part.Length);
        part.CopyTo(copy);
        var sent = invocation.Worker.TrySendInvoke(invocation, header, copy.AsSpan(0, (int)part.Length), whole);
        ArrayPool<byte>.Shared.Return(copy);
        return sent;
    }
}
