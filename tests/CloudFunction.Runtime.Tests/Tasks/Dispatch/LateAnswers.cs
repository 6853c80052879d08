using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

/// <summary>A store that is slow to report that the first attempt's end is stored: by then others may know of it.</summary>
internal sealed class LateAnswers(ITaskStore store) : RelayedTasks(store)
{
    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task<FunctionTaskStatus?> EndAttemptAsync(
        TaskId id, StoreOwner owner, int attempt, AttemptEnd end, CancellationToken cancellationToken)
    {
        var status = await Store.EndAttemptAsync(id, owner, attempt, end, cancellationToken);
        if (attempt == 1)
        {
            await Release.Task;
        }

        return status;
    }
}
