namespace CloudFunction.Runtime.Tasks;

/// <summary>What a status means. The one place that knows: a status that is added is sorted in here, or is an error wherever it is met.</summary>
internal static class TaskStatusRules
{
    /// <summary>Those from which a task goes nowhere by itself.</summary>
    public static IReadOnlyList<FunctionTaskStatus> Final { get; } = [.. Enum.GetValues<FunctionTaskStatus>().Where(IsFinal)];

    /// <summary>Those in which a task waits for an attempt.</summary>
    public static IReadOnlyList<FunctionTaskStatus> Waiting { get; } = [.. Enum.GetValues<FunctionTaskStatus>().Where(IsWaiting)];

    /// <summary>Whether a task is finished, unless somebody has it run again.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such status.</exception>
    public static bool IsFinal(this FunctionTaskStatus status) => status switch
    {
        FunctionTaskStatus.Completed or FunctionTaskStatus.Failed or FunctionTaskStatus.Cancelled => true,
        FunctionTaskStatus.Created or FunctionTaskStatus.Running or FunctionTaskStatus.Retrying => false,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status of a task."),
    };

    /// <summary>Whether a task waits for an attempt.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such status.</exception>
    public static bool IsWaiting(this FunctionTaskStatus status) => !status.IsFinal() && status != FunctionTaskStatus.Running;
}
