using System.Buffers;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Bodies;

/// <summary>Holds a result whole, until it is stored. It is not lost for want of room at once: its worker waits meanwhile.</summary>
/// <param name="result">The result, which has begun well.</param>
/// <param name="buffer">Where it is held.</param>
/// <param name="patience">How long a part waits for room.</param>
/// <param name="makeRoom">See <see cref="BodyBuffer.AppendAsync"/>.</param>
/// <param name="cancellationToken">Ends a wait for room.</param>
internal sealed class ResultHolder(
    InvocationResult result, BodyBuffer buffer, TimeSpan patience, Action? makeRoom, CancellationToken cancellationToken)
{
    /// <summary>Puts the result, to its end, behind what is there.</summary>
    /// <param name="maxBytes">How large it may be: the worker keeps to that limit; a function that got hold of its connection might not.</param>
    /// <exception cref="InvocationBrokenException">The result broke off, is too large, or there was no room for it.</exception>
    /// <exception cref="StorageFullException">The disk was still full in the end.</exception>
    public ValueTask AppendResultAsync(long maxBytes)
    {
        long length = 0;
        return result.ReadToEndAsync(part =>
        {
            length += part.Length;
            return length <= maxBytes
                ? AppendAsync(part)
                : throw Broken(InvocationOutcome.ProtocolFailed, $"The worker sent a result of more than {maxBytes} bytes (MAX_RESPONSE_BYTES).");
        });
    }

    /// <summary>Puts bytes behind what is there.</summary>
    /// <exception cref="InvocationBrokenException">There was no room for them.</exception>
    /// <exception cref="StorageFullException">The disk was still full in the end.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            if (!await buffer.AppendAsync(new ReadOnlySequence<byte>(bytes), patience, makeRoom, cancellationToken).ConfigureAwait(false))
            {
                throw Broken(
                    InvocationOutcome.TimedOut,
                    "The host had no room to hold the result: too many others of the project are being stored or sent.");
            }
        }
        catch (OperationCanceledException)
        {
            throw Broken(InvocationOutcome.Cancelled, "It was cancelled while its result waited for room.");
        }
    }

    private InvocationBrokenException Broken(InvocationOutcome outcome, string message) =>
        new(outcome, RejectionReason.None, result.InvocationId, new InvocationError(message));
}
