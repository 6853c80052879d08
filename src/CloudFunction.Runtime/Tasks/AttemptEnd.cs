using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks;

/// <summary>How an attempt ended and what follows from it.</summary>
internal sealed record AttemptEnd(AttemptVerdict Verdict, InvocationOutcome Outcome)
{
    /// <summary>What the function returned, for <see cref="AttemptVerdict.Complete"/>. Not to be changed until the store has answered.</summary>
    public NewValue Result { get; init; } = NewValue.Empty;

    /// <summary>What went wrong; null where nothing did.</summary>
    public InvocationError? Error { get; init; }

    /// <summary>How long the next attempt waits, for <see cref="AttemptVerdict.Retry"/> and <see cref="AttemptVerdict.Requeue"/>.</summary>
    public TimeSpan Delay { get; init; }
}
