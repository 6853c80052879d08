namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>What is stored of a try.</summary>
/// <param name="State">Waiting where there is another try, else a final one.</param>
/// <param name="Reason">Why, for people.</param>
/// <param name="Delay">How long the next try waits, for <see cref="CallbackState.Waiting"/>.</param>
internal sealed record CallbackSettlement(CallbackState State, string Reason, TimeSpan Delay = default)
{
    /// <summary>Decides what follows from a try.</summary>
    /// <param name="outcome">How the try ended.</param>
    /// <param name="attempt">The try's number, from 1.</param>
    /// <param name="random">Spreads the delay.</param>
    public static CallbackSettlement Of(CallbackOutcome outcome, int attempt, Random random) => outcome.Verdict switch
    {
        CallbackVerdict.Delivered => new(CallbackState.Delivered, outcome.Reason),
        CallbackVerdict.Gone => new(CallbackState.Gone, outcome.Reason),
        CallbackVerdict.Retry when CallbackBackoff.DelayAfter(attempt, outcome.RetryAfter, random) is { } delay =>
            new(CallbackState.Waiting, outcome.Reason, delay),
        _ => new(CallbackState.Failed, outcome.Reason),
    };
}
