namespace CloudFunction.Runtime.Invocations;

/// <summary>Records the calls of one function. Thread safe; it never blocks.</summary>
internal interface ICallRecorder
{
    /// <summary>A call was handed to a worker.</summary>
    /// <param name="time">When.</param>
    void Dispatched(DateTimeOffset time);

    /// <summary>One has ended, for its caller.</summary>
    /// <param name="id">Which.</param>
    /// <param name="traceParent">Its caller's W3C trace context, or null.</param>
    /// <param name="outcome">How.</param>
    /// <param name="error">What went wrong, or null.</param>
    /// <param name="duration">From dispatch.</param>
    void Ended(UInt128 id, string? traceParent, InvocationOutcome outcome, InvocationError? error, TimeSpan duration);
}
