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

    /// <summary>What went wrong; null exactly when <see cref="Outcome"/> is <see cref="InvocationOutcome.Succeeded"/>.</summary>
    public abstract InvocationError? Error { get; }

    /// <summary>32 lower-case hexadecimal digits; formatted when asked for.</summary>
    public abstract string InvocationId { get; }

    /// <summary>From dispatch to the first part of the result, or to the failure. Zero where nothing was dispatched.</summary>
    public abstract TimeSpan ExecutionTime { get; }

    /// <summary>What the parts are of: one JSON value or, of a streaming function whose caller asked for that, items as they come.</summary>
    public abstract ResultFormat Format { get; }

    /// <summary>The present part of the result. Valid until the next <see cref="ReadAsync"/> or dispose.</summary>
    public abstract ReadOnlyMemory<byte> Payload { get; }

    /// <summary>Whether <see cref="Payload"/> is the last part.</summary>
    public abstract bool IsComplete { get; }

    /// <summary>Replaces <see cref="Payload"/> by the next part.</summary>
    /// <exception cref="InvocationBrokenException">The worker was lost, the time was up or the caller cancelled before the last part.</exception>
    public abstract ValueTask ReadAsync();

    /// <inheritdoc/>
    public abstract void Dispose();
}
