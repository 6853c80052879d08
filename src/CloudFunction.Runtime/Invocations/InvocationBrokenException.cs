namespace CloudFunction.Runtime.Invocations;

/// <summary>A result ended before its last part.</summary>
internal sealed class InvocationBrokenException(InvocationOutcome outcome, RejectionReason reason, string invocationId, InvocationError error)
    : CloudFunctionException(error.Message)
{
    /// <summary>How.</summary>
    public InvocationOutcome Outcome { get; } = outcome;

    /// <summary>Why it was cut; <see cref="RejectionReason.None"/> where it was not.</summary>
    public RejectionReason Reason { get; } = reason;

    /// <summary>Which invocation.</summary>
    public string InvocationId { get; } = invocationId;

    /// <summary>In words.</summary>
    public InvocationError Error { get; } = error;
}
