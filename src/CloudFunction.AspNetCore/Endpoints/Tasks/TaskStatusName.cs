using System.Collections.Frozen;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>The statuses of tasks as the contract names them.</summary>
internal static class TaskStatusName
{
    private static readonly FrozenDictionary<string, FunctionTaskStatus> ByName = Enum.GetValues<FunctionTaskStatus>().ToFrozenDictionary(
        Of, StringComparer.Ordinal);

    /// <summary>All names, with commas between them.</summary>
    public static string All { get; } = string.Join(", ", Enum.GetValues<FunctionTaskStatus>().Select(Of));

    public static string Of(FunctionTaskStatus status) => status switch
    {
        FunctionTaskStatus.Created => "created",
        FunctionTaskStatus.Running => "running",
        FunctionTaskStatus.Retrying => "retrying",
        FunctionTaskStatus.Completed => "completed",
        FunctionTaskStatus.Failed => "failed",
        FunctionTaskStatus.Cancelled => "cancelled",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "There is no such status of a task."),
    };

    public static bool TryParse(string name, out FunctionTaskStatus status) => ByName.TryGetValue(name, out status);
}
