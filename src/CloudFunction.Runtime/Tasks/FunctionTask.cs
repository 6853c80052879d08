namespace CloudFunction.Runtime.Tasks;

/// <summary>An invocation that is stored first and run later, with all that is known of it.</summary>
/// <param name="Summary">Everything that is small.</param>
/// <param name="Payload">The request, as it came.</param>
/// <param name="Result">What the function returned; null unless it is <see cref="FunctionTaskStatus.Completed"/>.</param>
/// <param name="Attempts">Every attempt, the first one first.</param>
internal sealed record FunctionTask(TaskSummary Summary, StoredValue Payload, StoredValue? Result, IReadOnlyList<TaskAttempt> Attempts);
