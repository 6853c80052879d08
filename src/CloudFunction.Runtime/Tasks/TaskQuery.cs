namespace CloudFunction.Runtime.Tasks;

/// <summary>Which tasks to list, the newest first.</summary>
internal sealed record TaskQuery
{
    /// <summary>The most that one page may hold: a page is read whole, and this many summaries are about a megabyte.</summary>
    public const int MaxLimit = 1000;

    /// <summary>Only of this project; null: of all.</summary>
    public string? Project { get; init; }

    /// <summary>Only of functions of this name; null: of all.</summary>
    public string? Function { get; init; }

    /// <summary>Only those that stand there; null: wherever they stand.</summary>
    public FunctionTaskStatus? Status { get; init; }

    /// <summary>Only tasks older than this one: <see cref="TaskPage.Next"/> of the page before.</summary>
    public TaskId? Before { get; init; }

    /// <summary>How many at most, from 1 to <see cref="MaxLimit"/>.</summary>
    public int Limit { get; init; } = 100;
}
