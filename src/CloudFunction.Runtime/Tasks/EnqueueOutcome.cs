namespace CloudFunction.Runtime.Tasks;

/// <summary>Whether a task that was to be stored is new.</summary>
internal enum EnqueueOutcome
{
    /// <summary>It is, and it is on disk.</summary>
    Accepted,

    /// <summary>Its Idempotency-Key came before with the same payload: that task stands for it.</summary>
    Duplicate,

    /// <summary>Its Idempotency-Key came before with another payload, or with a synchronous call. Nothing was stored.</summary>
    Conflict,

    /// <summary>What callers without identity have stored leaves no room for it. Nothing was stored.</summary>
    NoRoom,
}
