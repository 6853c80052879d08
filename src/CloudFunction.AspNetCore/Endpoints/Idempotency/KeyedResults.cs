using System.Buffers;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>Collects large results of calls with an Idempotency-Key, in the room that is counted for their projects, as the answers
/// that are stored.</summary>
internal sealed class KeyedResults(HostBodies bodies, TransferWatch watch, ServerSettings settings, TimeProvider time)
{
    // Its call has a place meanwhile, and what it waits for may be room that others like it hold and wait with.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly long _maxBytes = settings.Options.MaxResponseBytes;

    /// <summary>Collects a result that has begun well and is not complete.</summary>
    /// <returns>The whole answer, as <see cref="StoredAnswer"/> has it.</returns>
    /// <exception cref="InvocationBrokenException">The result broke off, is too large, or there was no room for it.</exception>
    /// <exception cref="StorageFullException">The disk is full.</exception>
    public async Task<HeldBody> CollectAsync(InvocationResult result, string project)
    {
        var executionTime = result.ExecutionTime;
        var buffer = bodies.Store.Open(bodies.Results, project);
        try
        {
            var holder = new ResultHolder(result, buffer, Patience, () => watch.CutIdlest(project), CancellationToken.None);
            var ends = new ArrayBufferWriter<byte>();
            StoredAnswer.WriteJsonHead(ends, StatusCodes.Status200OK);
            InvokeEnvelope.WriteHead(ends);
            await holder.AppendAsync(ends.WrittenMemory).ConfigureAwait(false);
            await holder.AppendResultAsync(_maxBytes).ConfigureAwait(false);
            ends.Clear();
            InvokeEnvelope.WriteTail(ends, executionTime, time.GetUtcNow());
            await holder.AppendAsync(ends.WrittenMemory).ConfigureAwait(false);
            return buffer.Complete();
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
