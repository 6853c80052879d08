using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Bodies;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>What a call under an Idempotency-Key came to: an answer that holds for every call with the key, or an error that is
/// this one's alone.</summary>
/// <param name="Answer">The answer; null where there is an error.</param>
/// <param name="IsReplayed">Whether it was another call's.</param>
/// <param name="Error">The error; null where there is an answer.</param>
internal readonly record struct KeyedOutcome(StoredAnswer? Answer, bool IsReplayed, ApiError? Error)
{
    /// <summary>All of a large answer, as it is to be stored; null for none.</summary>
    public HeldBody? Large { get; private init; }

    public static KeyedOutcome RanLarge(HeldBody answer) => new(null, IsReplayed: false, null) { Large = answer };

    public static KeyedOutcome Ran(StoredAnswer answer) => new(answer, IsReplayed: false, null);

    public static KeyedOutcome Replayed(StoredAnswer answer) => new(answer, IsReplayed: true, null);

    public static KeyedOutcome Failed(ApiError error) => new(null, IsReplayed: false, error);

    /// <summary>What those get that have waited for it; null where it holds for nobody else.</summary>
    public KeyedOutcome? Shared() => Answer is { } answer ? Replayed(answer) : null;

    /// <summary>The key came before with another payload, or with the other kind of call.</summary>
    public static KeyedOutcome Conflict() => Failed(IdempotencyConflict.Error);
}
