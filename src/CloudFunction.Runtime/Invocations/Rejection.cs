namespace CloudFunction.Runtime.Invocations;

/// <summary>Why a call is not let in.</summary>
/// <param name="Reason">For programs.</param>
/// <param name="Message">For people: what is wrong and what would help.</param>
internal sealed record Rejection(RejectionReason Reason, string Message);
