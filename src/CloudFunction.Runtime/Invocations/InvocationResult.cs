using CloudFunction.Protocol.Messages;

namespace CloudFunction.Runtime.Invocations;

/// <summary>
/// How an invocation ended or, where the result is larger than its first part, how it began to: then <see cref="IsComplete"/> is false and
/// <see cref="ReadAsync"/> brings the rest. Disposing it gives its buffers back and, if the rest was not read, cancels the call.
/// For one caller at a time.
/// </summary>
internal abstract class InvocationResult : IDisposable
{
    /// <summary>How it ended. <see cref="InvocationOutcome.Succeeded"/> also while parts of the result are still to come.</summary>
    public abstract InvocationOutcome Outcome { get; }

    /// <summary>Why it was rejected or not found; else <see cref="RejectionReason.None"/>.</summary>
    public abstract RejectionReason Reason { get; }

    /// <summary>How it was turned away before any worker had it; null where one did.</summary>
    public virtual Rejection? Rejection => null;

    /// <summary>What went wrong; null exactly when <see cref="Outcome"/> is <see cref="InvocationOutcome.Succeeded"/>.</summary>
    public abstract InvocationError? Error { get; }

    /// <summary>32 lower-case hexadecimal digits; formatted when asked for.</summary>
    public abstract string InvocationId { get; }

    /// <summary>From dispatch to the first part of the result, or to the failure. Zero where nothing was dispatched.</summary>
    public abstract TimeSpan ExecutionTime { get; }

    /// <summary>What the parts are of: one JSON value or, of a streaming function whose caller asked for that, items as they come.</summary>
    public abstract ItemEncoding Items { get; }

    /// <summary>How the response of an HTTP function begins; null for other functions.</summary>
    public virtual HttpHead? Head => null;

    /// <summary>What follows the response of an HTTP function, once it is complete.</summary>
    public virtual IReadOnlyList<KeyValuePair<string, string>> Trailers => [];

    /// <summary>The present part of the result. Valid until the next <see cref="ReadAsync"/> or dispose.</summary>
    public abstract ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether <see cref="Payload"/> is the last part.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Replaces <see cref="Payload"/> by the next part.</summary>
    /// <exception cref="InvocationBrokenException">The worker was lost, the time was up or the caller cancelled before the last part.</exception>
    public abstract ValueTask ReadAsync();

    /// <summary>Reads the result to its end.</summary>
    /// <param name="take">Given each part, one after the other: what <see cref="Payload"/> has until its task has ended.</param>
    /// <exception cref="InvocationBrokenException">As <see cref="ReadAsync"/>.</exception>
    public async ValueTask ReadToEndAsync(Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        while (true)
        {
            await take(Payload).ConfigureAwait(false);
            if (IsComplete)
            {
                return;
            }

            await ReadAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Takes the call back: a read that waits, or the next one, breaks. From any thread, but not after <see cref="Dispose"/>.</summary>
    public virtual void Cancel()
    {
        // What is complete cannot be undone.
    }

    /// <summary>Takes the call back as <see cref="Cancel"/> does, because what came of it is of no use: it counts as failed.</summary>
    /// <param name="error">What is wrong with it.</param>
    public virtual void Fail(InvocationError error)
    {
        // Likewise.
    }

    /// <summary>Ends the sending of an HTTP function's request body, which may go on while its response is read. To be called before
    /// <see cref="Dispose"/>; the body is the caller's again once the task has ended.</summary>
    /// <returns>What kept the body from being read; null for nothing.</returns>
    public virtual ValueTask<Exception?> StopSendingAsync() => default;

    /// <inheritdoc/>
    public abstract void Dispose();
}
