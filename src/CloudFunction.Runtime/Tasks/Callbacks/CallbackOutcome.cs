namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>What one try of a callback came to, and why.</summary>
/// <param name="Verdict">Whether the receiver took it, and where not, whether it may later.</param>
/// <param name="Reason">Why, in a few words for people: a status, or what went wrong on the way. Nothing that the receiver wrote.</param>
/// <param name="RetryAfter">How long the receiver asked to be left alone; null where it did not.</param>
internal sealed record CallbackOutcome(CallbackVerdict Verdict, string Reason, TimeSpan? RetryAfter = null);
