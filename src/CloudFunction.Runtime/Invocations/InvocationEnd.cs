namespace CloudFunction.Runtime.Invocations;

/// <summary>How a call ends for its caller.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Error">What went wrong; null for nothing.</param>
/// <param name="Reason">Why it was cut; <see cref="RejectionReason.None"/> where it was not.</param>
internal readonly record struct InvocationEnd(
    InvocationOutcome Outcome, InvocationError? Error = null, RejectionReason Reason = RejectionReason.None)
{
    /// <summary>The caller is gone, or has cancelled it.</summary>
    public static readonly InvocationEnd TakenBack = new(
        InvocationOutcome.Cancelled, new InvocationError("The caller took the call back."));
}
