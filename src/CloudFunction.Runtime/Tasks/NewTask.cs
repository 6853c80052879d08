namespace CloudFunction.Runtime.Tasks;

/// <summary>A task that is to be stored. Its payload is not to be changed until the store has answered.</summary>
internal sealed record NewTask(string Project, string Function, NewValue Payload, TaskTerms Terms)
{
    /// <summary>The id that the store has given out for it; null: it gets one when it is stored.</summary>
    public TaskId? Id { get; init; }

    /// <summary>How long after now the first attempt may start.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether its caller showed no identity: what it and its result take is bounded then.</summary>
    public bool IsAnonymous { get; init; }

    /// <summary>Makes storing it twice the same as storing it once; null: it is always a new task.</summary>
    public IdempotencyKey? IdempotencyKey { get; init; }
}
