using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>What there is to say of an invocation once it has ended.</summary>
/// <param name="Function">Which function.</param>
/// <param name="Id">Which invocation.</param>
/// <param name="TraceParent">Its caller's W3C trace context, or null.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Error">What went wrong, or null.</param>
/// <param name="Duration">From dispatch to the end.</param>
/// <param name="Time">When it ended.</param>
internal readonly record struct EndedInvocation(
    string Function, UInt128 Id, string? TraceParent, InvocationOutcome Outcome, InvocationError? Error, TimeSpan Duration, DateTimeOffset Time);
