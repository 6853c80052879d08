using System.IO.Pipelines;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>Sends payloads to workers: of calls whose body is there before their function begins.</summary>
internal static class PayloadSender
{
    /// <summary>Sends a payload that is whole, fits into the first frame and finds credit: the usual case.</summary>
    /// <param name="invocation">The call; its stream is open.</param>
    /// <param name="request">What its caller wants.</param>
    /// <param name="read">What was read of the payload.</param>
    /// <returns>False where it has to be sent by <see cref="SendAsync"/>.</returns>
    public static bool TrySend(Invocation invocation, in InvocationRequest request, in ReadResult read)
    {
        if (!read.IsCompleted
            || read.Buffer.Length > InvokeFrame.MaxPayloadBytes
            || !InvokeFrame.TrySend(invocation, request.Attempt, read.Buffer, whole: true))
        {
            return false;
        }

        request.Advance(read.Buffer.End);
        return true;
    }

    /// <summary>Sends a payload that is larger than a frame, not read to its end yet, or has to wait for credit.</summary>
    /// <param name="invocation">The call; its stream is open.</param>
    /// <param name="request">What its caller wants.</param>
    /// <param name="read">What was read of the payload.</param>
    /// <param name="cancellationToken">Fires once the caller is gone.</param>
    /// <returns>What kept the payload from being read; null for nothing.</returns>
    public static async ValueTask<Exception?> SendAsync(
        Invocation invocation, InvocationRequest request, ReadResult read, CancellationToken cancellationToken)
    {
        var worker = invocation.Worker;
        var first = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, InvokeFrame.MaxPayloadBytes));
        var whole = read.IsCompleted && first.Length == read.Buffer.Length;
        var sent = false;
        invocation.SetBody(request.Body);
        try
        {
            while (!(sent = invocation.WantsPayload && InvokeFrame.TrySend(invocation, request.Attempt, first, whole)))
            {
                await worker.WaitForCreditAsync(invocation, (int)first.Length + InvokeHeader.MaxBytes, cancellationToken).ConfigureAwait(false);
            }

            var rest = read.Buffer.Slice(first.End);
            while (!whole)
            {
                await worker.SendPayloadAsync(invocation.StreamId, invocation.SendCredit, rest, read.IsCompleted, cancellationToken)
                    .ConfigureAwait(false);
                request.Advance(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return null;
                }

                try
                {
                    read = await request.Body.ReadAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    return e; // Where it is held it cannot be read.
                }

                if (!invocation.WantsPayload)
                {
                    break; // It ended early: a timeout, an error found in the first part, a lost worker.
                }

                rest = read.Buffer;
            }

            request.Advance(read.Buffer.End);
        }
        catch (IOException)
        {
            request.Advance(read.Buffer.End); // The stream or the worker has ended: the result shows how.
        }
        catch (OperationCanceledException)
        {
            // The caller is gone, and the result shows it.
        }
        finally
        {
            invocation.SetBody(null);
            if (!sent)
            {
                worker.Withdraw(invocation);
            }
        }

        return null;
    }
}
