using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>Runs one attempt at a task, in a place that was taken for it.</summary>
internal sealed class AttemptRunner(ITaskRouter router)
{
    /// <summary>Runs it to its end, whatever that is; does not throw.</summary>
    /// <param name="task">The task.</param>
    /// <param name="target">The place, which is given back.</param>
    /// <param name="id">The invocation's id.</param>
    /// <param name="attempt">The attempt's number.</param>
    /// <param name="cancellationToken">Fires the function's token.</param>
    /// <returns>How it ended, and the result if it succeeded.</returns>
    public async Task<(InvocationOutcome Outcome, InvocationError? Error, ReadOnlyMemory<byte> Result)> RunAsync(
        FunctionTask task, FunctionTarget target, UInt128 id, int attempt, CancellationToken cancellationToken)
    {
        var summary = task.Summary;
        var body = PipeReader.Create(new ReadOnlySequence<byte>(task.Payload));
        var request = new InvocationRequest(body, summary.Terms.Timeout, summary.Terms.Traceparent) { Attempt = attempt, Id = id };
        try
        {
            using var result = await router.InvokeReservedAsync(summary.Project, summary.Function, target, request, cancellationToken).ConfigureAwait(false);
            return result.Outcome == InvocationOutcome.Succeeded
                ? (InvocationOutcome.Succeeded, null, await ReadAsync(result).ConfigureAwait(false))
                : (result.Outcome, result.Error, default);
        }
        catch (InvocationBrokenException broken)
        {
            return (broken.Outcome, broken.Error, default);
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAsync(InvocationResult result)
    {
        if (result.IsComplete)
        {
            return result.Payload.ToArray();
        }

        // As large as MAX_RESPONSE_BYTES at the most: the worker sees to that.
        var whole = new ArrayBufferWriter<byte>();
        while (true)
        {
            whole.Write(result.Payload.Span);
            if (result.IsComplete)
            {
                return whole.WrittenMemory;
            }

            await result.ReadAsync().ConfigureAwait(false);
        }
    }
}
