namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>Bounds in bytes what waits to be written; who finds no room waits in turn. Thread safe.</summary>
/// <param name="maxBytes">The bound. What is larger than it passes alone.</param>
internal sealed class WriteBudget(long maxBytes)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<(long Bytes, TaskCompletionSource Turn)> _waiting = new();
    private long _used;

    /// <summary>How many bytes are taken.</summary>
    public long Used
    {
        get
        {
            lock (_lock)
            {
                return _used;
            }
        }
    }

    /// <summary>Takes room, once there is some.</summary>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        lock (_lock)
        {
            if (_waiting.Count == 0 && Fits(bytes))
            {
                _used += bytes;
                return ValueTask.CompletedTask;
            }

            // Continued elsewhere: the turn is given with the lock held.
            var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return new ValueTask(WaitAsync(_waiting.AddLast((bytes, turn)), cancellationToken));
        }
    }

    /// <summary>Gives room back.</summary>
    public void Release(long bytes)
    {
        lock (_lock)
        {
            _used -= bytes;
            Admit();
        }
    }

    private async Task WaitAsync(LinkedListNode<(long Bytes, TaskCompletionSource Turn)> node, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(_ => GiveUp(node, cancellationToken), null).ConfigureAwait(false);
        await node.Value.Turn.Task.ConfigureAwait(false);
    }

    private void GiveUp(LinkedListNode<(long Bytes, TaskCompletionSource Turn)> node, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (node.List is not null)
            {
                _waiting.Remove(node);
                node.Value.Turn.SetCanceled(cancellationToken);
                Admit(); // Smaller ones may have waited behind it.
            }
        }
    }

    private void Admit()
    {
        while (_waiting.First is { } first && Fits(first.Value.Bytes))
        {
            _used += first.Value.Bytes;
            _waiting.RemoveFirst();
            first.Value.Turn.SetResult();
        }
    }

    private bool Fits(long bytes) => _used == 0 || _used + bytes <= maxBytes;
}
