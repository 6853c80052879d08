namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What waits for one function. Guarded by the lock of <see cref="DueTasks"/>.</summary>
internal sealed class DueFunction(DueProject project, string name)
{
    public DueProject Project { get; } = project;

    public string Name { get; } = name;

    /// <summary>What is due, the oldest first.</summary>
    public PriorityQueue<TaskId, long> Ready { get; } = new();

    /// <summary>The claim in which its gate had no room, and which therefore leaves it alone.</summary>
    public long RefusedIn { get; set; }
}
