namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// One host that callbacks of one project go to; ordered by which has waited longest. Changed by its <see cref="DueReceivers"/> alone.
/// </summary>
internal sealed class DueReceiver(DueReceivers project, string host) : IComparable<DueReceiver>
{
    public DueReceivers Project { get; } = project;

    public string Host { get; } = host;

    /// <summary>What is due, in turn.</summary>
    public PriorityQueue<DueCallback, (TimeSpan DueAt, long Sequence)> Ready { get; } = new();

    /// <summary>How many callbacks it has: due, not yet due, and claimed.</summary>
    public int Count { get; set; }

    /// <summary>How many of them are claimed.</summary>
    public int Claimed { get; set; }

    /// <summary>Whether its last try failed.</summary>
    public bool IsFailing { get; set; }

    /// <summary>The turn of what comes first. Only where something is due.</summary>
    public (TimeSpan DueAt, long Sequence) Turn => Ready.Peek().Turn;

    public int CompareTo(DueReceiver? other) => other is null ? 1 : Turn.CompareTo(other.Turn);
}
