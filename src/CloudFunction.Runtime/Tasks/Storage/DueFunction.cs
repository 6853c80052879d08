namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>What waits for one function. Guarded by the lock of <see cref="DueTasks"/>.</summary>
internal sealed class DueFunction(string project, string name)
{
    public string Project { get; } = project;

    public string Name { get; } = name;

    /// <summary>What is due, the oldest first; tasks that were cancelled meanwhile among them.</summary>
    public PriorityQueue<TaskId, long> Ready { get; } = new();
}
