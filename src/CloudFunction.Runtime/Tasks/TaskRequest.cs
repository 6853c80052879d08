namespace CloudFunction.Runtime.Tasks;

/// <summary>An invocation that is to be stored and run later, as its caller states it.</summary>
/// <param name="Project">Whose function; a valid name.</param>
/// <param name="Function">Which function; a valid name.</param>
/// <param name="Payload">The request. Not to be changed until the call has returned.</param>
internal sealed record TaskRequest(string Project, string Function, NewValue Payload)
{
    /// <summary>How many attempts it gets; null: as many as the function's attribute sets, else TASK_MAX_ATTEMPTS.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How long one attempt may take, which can only shorten the function's own limit; null: that limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long after now the first attempt may start.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whom to notify once it is finished; an absolute URL that has been checked. Null: nobody.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>What the caller sent as Idempotency-Key; null: nothing.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The SHA-256 of the payload, for <see cref="IdempotencyKey"/>, where it was computed as the payload came; null: it is
    /// computed where it is needed.</summary>
    public byte[]? PayloadHash { get; init; }

    /// <summary>Whether its caller showed no identity: what it stores is bounded then (ANONYMOUS_STORE_BYTES).</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>The name of the caller's key; null where none was needed.</summary>
    public string? Caller { get; init; }

    /// <summary>The caller's W3C traceparent; null for none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The schedule that makes it; null where none does.</summary>
    public string? Schedule { get; init; }
}
