namespace CloudFunction.Runtime.Tasks;

/// <summary>What became of a task that was to be stored.</summary>
/// <param name="Outcome">Whether it is new.</param>
/// <param name="Id">The task: the new one, or the one that its key stands for; null where nothing was stored.</param>
internal readonly record struct EnqueueResult(EnqueueOutcome Outcome, TaskId? Id);
