using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>Runs one attempt at a task, in a place that was taken for it.</summary>
/// <param name="router">Runs the call in the reserved place.</param>
/// <param name="onPayloadGone">Reports a payload that is not in the store any more, and where it was.</param>
internal sealed class AttemptRunner(ITaskRouter router, Action<StoredValueGoneException> onPayloadGone)
{
    /// <summary>Runs it to its end, whatever that is; does not throw.</summary>
    /// <param name="task">With its payload.</param>
    /// <param name="route">The place, which is given back.</param>
    /// <param name="id">Of the invocation, as the function and the logs have it.</param>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="buffer">Where the result is held until it is stored, if it is large.</param>
    /// <param name="cancellationToken">Fires the function's token.</param>
    /// <returns>How it ended, and the result if it succeeded.</returns>
    public async Task<(InvocationOutcome Outcome, InvocationError? Error, NewValue Result)> RunAsync(
        FunctionTask task, FunctionRoute route, UInt128 id, int attempt, BodyBuffer buffer, CancellationToken cancellationToken)
    {
        var summary = task.Summary;
        var payload = task.Payload.OpenPipe();
        try
        {
            var request = new InvocationRequest(payload, summary.Terms.Timeout, summary.Terms.TraceParent) { Attempt = attempt, Id = id };
            using var result = await router.InvokeReservedAsync(
                summary.Project, summary.Function, route, request, cancellationToken).ConfigureAwait(false);
            return result.Outcome == InvocationOutcome.Succeeded
                ? (InvocationOutcome.Succeeded, null, await ReadAsync(result, buffer, route.Timeout, cancellationToken).ConfigureAwait(false))
                : (result.Outcome, result.Error, NewValue.Empty);
        }
        catch (InvocationBrokenException broken)
        {
            return (broken.Outcome, broken.Error, NewValue.Empty);
        }
        catch (StorageFullException full)
        {
            // As any other room that did not come in time: the function has run, and what it came to is lost.
            return (InvocationOutcome.TimedOut, new InvocationError($"The host had no room to hold the result. {full.Message}"), NewValue.Empty);
        }
        catch (StoredValueGoneException gone)
        {
            onPayloadGone(gone);
            return (InvocationOutcome.InvalidPayload, new InvocationError(
                "Its payload is gone from the task store (DATA_DIR), or is not what was stored there."), NewValue.Empty);
        }
        finally
        {
            await payload.CompleteAsync().ConfigureAwait(false);
        }
    }

    // As large as MAX_RESPONSE_BYTES at the most: the worker keeps to that, and what is held is bounded for the project. While there is no room its
    // worker waits, as long as the function may take and not for ever.
    private static async Task<NewValue> ReadAsync(InvocationResult result, BodyBuffer buffer, TimeSpan patience, CancellationToken cancellationToken)
    {
        if (result.IsComplete)
        {
            return result.Payload.ToArray();
        }

        await new ResultHolder(result, buffer, patience, makeRoom: null, cancellationToken).AppendResultAsync(long.MaxValue).ConfigureAwait(false);
        return new NewValue(buffer.Complete());
    }
}
