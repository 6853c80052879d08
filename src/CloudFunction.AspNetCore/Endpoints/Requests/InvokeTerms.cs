namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>What a caller asks for beyond a plain synchronous call.</summary>
internal sealed record InvokeTerms
{
    /// <summary>Whether the call is stored and run later.</summary>
    public required bool IsAsync { get; init; }

    /// <summary>Whether the header <c>Prefer</c> asked for that, and not the query.</summary>
    public required bool IsPreference { get; init; }

    /// <summary>The caller's own limit of one attempt; null for none.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What was sent as Idempotency-Key; null for nothing.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How many attempts an asynchronous call gets; null: as many as its function or TASK_MAX_ATTEMPTS sets.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>How long after now an asynchronous call may start.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whom to notify once an asynchronous call is finished; null: nobody.</summary>
    public string? CallbackUrl { get; init; }
}
