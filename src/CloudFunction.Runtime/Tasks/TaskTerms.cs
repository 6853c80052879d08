namespace CloudFunction.Runtime.Tasks;

/// <summary>How a task is to be run, as its maker asked; kept with it unchanged.</summary>
internal sealed record TaskTerms
{
    /// <summary>How many attempts it gets, at least 1; running it again after it failed gives as many more.</summary>
    public required int MaxAttempts { get; init; }

    /// <summary>How long one attempt may take; null: as long as the function's own limit.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>After this no attempt is to start; null: there is no such time.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>Who made it, by the name of the key that was shown; null where none was needed.</summary>
    public string? Caller { get; init; }

    /// <summary>The W3C traceparent of the call that made it; null where it came with none.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Whom to notify once it is finished; null: nobody.</summary>
    public string? CallbackUrl { get; init; }

    /// <summary>The schedule that made it; null where none did.</summary>
    public string? Schedule { get; init; }
}
