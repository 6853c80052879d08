using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks;

/// <summary>One attempt at a task.</summary>
/// <param name="Number">From 1.</param>
/// <param name="StartedAt">When it was stored that it starts, which is before it does.</param>
/// <param name="EndedAt">When its end was stored; null while it runs.</param>
/// <param name="Worker">Which worker ran it, as the starter named it.</param>
/// <param name="LogReference">By what its records are found in the logs; null where the starter gave none.</param>
/// <param name="Outcome">How it ended; null while it runs. An attempt that the end of the host cut is
/// <see cref="InvocationOutcome.WorkerLost"/>.</param>
/// <param name="Error">What went wrong; null where nothing did.</param>
internal sealed record TaskAttempt(
    int Number, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Worker, string? LogReference, InvocationOutcome? Outcome,
    InvocationError? Error);
