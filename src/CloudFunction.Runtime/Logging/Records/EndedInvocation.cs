using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>What is logged of an invocation once it has ended; its duration counts from dispatch.</summary>
internal readonly record struct EndedInvocation(
    string Function, UInt128 Id, string? TraceParent, InvocationOutcome Outcome, InvocationError? Error, TimeSpan Duration, DateTimeOffset Time);
