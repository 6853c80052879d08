using System.Buffers;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>Collects large results of calls with an Idempotency-Key, in the room that is counted for their projects, as the answers that are stored.</summary>
internal sealed class KeyedResults(HostBodies bodies, TransferWatch watch, ServerSettings settings, TimeProvider time)
{
    // Its call has a place meanwhile, and what it waits for may be room that others like it hold and wait with.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly long _maxBytes = settings.Options.MaxResponseBytes;

    /// <summary>Collects a result that has begun well and is not complete.</summary>
    /// <returns>The whole answer, as <see cref="StoredAnswer"/> has it.</returns>
    /// <exception cref="InvocationBrokenException">The result broke off, is too large, or there was no room for it.</exception>
    public async Task<HeldBody> CollectAsync(InvocationResult result, string project)
    {
        var executionTime = result.ExecutionTime;
        var buffer = bodies.Store.Open(bodies.Results, project);
        try
        {
            var ends = new ArrayBufferWriter<byte>();
            StoredAnswer.WriteJsonHead(ends, StatusCodes.Status200OK);
            InvokeEnvelope.WriteHead(ends);
            await AppendAsync(buffer, result, project, ends.WrittenMemory).ConfigureAwait(false);
            long length = 0;
            while (true)
            {
                // The worker keeps to the limit; a function that got hold of its connection might not.
                length += result.Payload.Length;
                if (length > _maxBytes)
                {
                    throw Broken(result, InvocationOutcome.ProtocolFailed, $"The worker sent a result of more than {_maxBytes} bytes (MAX_RESPONSE_BYTES).");
                }

                await AppendAsync(buffer, result, project, result.Payload).ConfigureAwait(false);
                if (result.IsComplete)
                {
                    break;
                }

                await result.ReadAsync().ConfigureAwait(false);
            }

            ends.Clear();
            InvokeEnvelope.WriteTail(ends, executionTime, time.GetUtcNow());
            await AppendAsync(buffer, result, project, ends.WrittenMemory).ConfigureAwait(false);
            return buffer.Complete();
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private async ValueTask AppendAsync(BodyBuffer buffer, InvocationResult result, string project, ReadOnlyMemory<byte> part)
    {
        try
        {
            if (!await buffer.AppendAsync(
                new ReadOnlySequence<byte>(part), Patience, () => watch.CutIdlest(project), CancellationToken.None).ConfigureAwait(false))
            {
                throw Broken(result, InvocationOutcome.TimedOut, "The host had no room to hold the result: too many others wait for their clients.");
            }
        }
        catch (StorageFullException full)
        {
            throw Broken(result, InvocationOutcome.TimedOut, $"The host had no room to hold the result. {full.Message}");
        }
    }

    private static InvocationBrokenException Broken(InvocationResult result, InvocationOutcome outcome, string message) =>
        new(outcome, RejectionReason.None, result.InvocationId, new InvocationError(message));
}
