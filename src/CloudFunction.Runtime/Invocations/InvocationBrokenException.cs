namespace CloudFunction.Runtime.Invocations;

/// <summary>A result ended before its last part.</summary>
internal sealed class InvocationBrokenException(InvocationOutcome outcome, string invocationId, string message)
    : CloudFunctionException(message)
{
    /// <summary>Why.</summary>
    public InvocationOutcome Outcome { get; } = outcome;

    /// <summary>Which invocation.</summary>
    public string InvocationId { get; } = invocationId;
}
