using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>Events 2500 to 2505 and 2509.</summary>
internal sealed partial class TaskDispatcher
{
    [LoggerMessage(2500, LogLevel.Error, "Task {TaskId} of {Project} {Function} has failed at attempt {Attempt}: {Reason}")]
    private partial void LogFailed(TaskId taskId, string project, string function, int attempt, string? reason);

    [LoggerMessage(
        2501, LogLevel.Warning, "Attempt {Attempt} at task {TaskId} of {Project} {Function} has failed, another follows in {Seconds} s: {Reason}")]
    private partial void LogRetrying(int attempt, TaskId taskId, string project, string function, double seconds, string? reason);

    [LoggerMessage(2502, LogLevel.Error, "The task store does not answer; it is asked again every second: {Reason}")]
    private partial void LogStoreFailed(string reason);

    [LoggerMessage(2503, LogLevel.Information, "The task store answers again")]
    private partial void LogStoreBack();

    [LoggerMessage(2505, LogLevel.Error, "A task's payload cannot be read: {Reason}")]
    private partial void LogPayloadGone(string reason);

    [LoggerMessage(2504, LogLevel.Error, "Running task {TaskId} of {Project} {Function} failed unexpectedly")]
    private partial void LogUnexpected(Exception exception, TaskId taskId, string project, string function);

    [LoggerMessage(2509, LogLevel.Error, "Ending the attempt that runs at task {TaskId} failed unexpectedly")]
    private partial void LogNotEnded(Exception exception, TaskId taskId);
}
