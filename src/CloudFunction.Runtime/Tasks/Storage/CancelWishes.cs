namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Tasks that run and that somebody has asked to cancel, by whom they run for, until that one has been given them. Thread safe.</summary>
internal sealed class CancelWishes
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, HashSet<TaskId>> _wishes = [];
    private TaskCompletionSource _added = New();

    /// <summary>Adds a task that runs for an owner.</summary>
    public void Add(TaskId id, Guid owner)
    {
        lock (_lock)
        {
            if (!_wishes.TryGetValue(owner, out var wishes))
            {
                _wishes.Add(owner, wishes = []);
            }

            wishes.Add(id);
            _added.TrySetResult();
        }
    }

    /// <summary>See <see cref="ITaskStore.WaitForCancelsAsync"/>.</summary>
    public async Task<IReadOnlyList<TaskId>> WaitAsync(Guid owner, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task added;
            lock (_lock)
            {
                if (_wishes.Remove(owner, out var wishes))
                {
                    return [.. wishes];
                }

                if (_added.Task.IsCompleted)
                {
                    _added = New();
                }

                added = _added.Task;
            }

            await added.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
