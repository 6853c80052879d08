namespace CloudFunction.Runtime.Tasks;

/// <summary>A page of a list of tasks, all of one moment.</summary>
/// <param name="Tasks">The newest first.</param>
/// <param name="Next">Where the next page begins; null where there was no more.</param>
internal sealed record TaskPage(IReadOnlyList<TaskSummary> Tasks, TaskId? Next);
