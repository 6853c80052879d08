namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// The one thread that writes. It commits whatever waits in one transaction, with no timer: while one commit is on its way to the disk, the
/// next one gathers. A change that fails takes none of the others with it. Thread safe.
/// </summary>
internal sealed class TaskWriter : IDisposable
{
    // What may wait, payloads included: two of the largest payloads by default (MAX_REQUEST_BYTES), or some ten thousand small ones.
    private const long MaxQueuedBytes = 64 << 20;

    // A commit of so many changes takes some ten milliseconds, beside which the flush no longer counts; the first of them waits for the last.
    private const int MaxBatch = 1024;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _arrived = new(0, 1);
    private readonly WriteBudget _budget = new(MaxQueuedBytes);
    private readonly TaskConnection _connection;
    private readonly TaskTables _tables;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly Thread _thread;
    private readonly Queue<IWrite> _queue = new();
    private readonly List<IWrite> _batch = [];
    private bool _isClosed;

    /// <summary>Starts writing. The connection ends with it.</summary>
    public TaskWriter(TaskConnection connection, TaskTables tables)
    {
        _connection = connection;
        _tables = tables;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _thread = new Thread(Loop) { IsBackground = true, Name = "Task store" };
        _thread.Start();
    }

    /// <summary>Has a change made.</summary>
    /// <param name="bytes">How much memory it holds while it waits.</param>
    /// <param name="apply">Makes it, in a transaction with others; may be called again where one of those fails.</param>
    /// <param name="committed">What follows from it in memory; called by the writer's thread, in the order of the changes.</param>
    /// <param name="cancellationToken">Ends the wait for room.</param>
    /// <exception cref="TaskStoreException">It was not made.</exception>
    public async Task<T> WriteAsync<T>(long bytes, Func<TaskTables, T> apply, Action<T>? committed, CancellationToken cancellationToken)
    {
        var write = new Write<T>(bytes, apply, committed);
        await _budget.TakeAsync(write.Bytes, cancellationToken).ConfigureAwait(false);
        try
        {
            Add(write);
            return await write.Answer.ConfigureAwait(false);
        }
        finally
        {
            _budget.Release(write.Bytes);
        }
    }

    /// <summary>Writes what waits, then ends. Changes that come later are refused.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
            Wake();
        }

        _thread.Join();
        _arrived.Dispose();
        _connection.Dispose();
    }

    private void Add(IWrite write)
    {
        lock (_lock)
        {
            if (_isClosed)
            {
                throw new TaskStoreException(TaskStoreFault.Closed, $"The task store '{_connection.File}' is closed: the host is stopping.");
            }

            _queue.Enqueue(write);
            Wake();
        }
    }

    private void Wake()
    {
        if (_arrived.CurrentCount == 0)
        {
            _arrived.Release();
        }
    }

    private void Loop()
    {
        while (TakeBatch())
        {
            Commit();
        }
    }

    /// <returns>False once it is closed and nothing waits.</returns>
    private bool TakeBatch()
    {
        while (true)
        {
            lock (_lock)
            {
                _batch.Clear();
                while (_batch.Count < MaxBatch && _queue.TryDequeue(out var write))
                {
                    _batch.Add(write);
                }

                if (_batch.Count > 0 || _isClosed)
                {
                    return _batch.Count > 0;
                }
            }

            _arrived.Wait();
        }
    }

    private void Commit()
    {
        if (TryCommit(_batch, out var reason))
        {
            return;
        }

        // A lock would make each of them wait again, and they have waited.
        if (_batch.Count == 1 || reason is TaskStoreException { Fault: TaskStoreFault.Busy })
        {
            Fail(_batch, reason);
            return;
        }

        foreach (var write in _batch)
        {
            if (!TryCommit([write], out reason))
            {
                Fail([write], reason);
            }
        }
    }

    private bool TryCommit(List<IWrite> writes, out Exception reason)
    {
        reason = null!;
        try
        {
            _begin.Run();
            foreach (var write in writes)
            {
                write.Apply(_tables);
            }

            _commit.Run();
        }
        catch (Exception exception) // Whatever a change throws is its caller's to handle; the thread goes on for the others.
        {
            reason = exception;
            RollBack();
            return false;
        }

        foreach (var write in writes)
        {
            write.Committed();
        }

        return true;
    }

    private static void Fail(List<IWrite> writes, Exception reason)
    {
        foreach (var write in writes)
        {
            write.Failed(reason);
        }
    }

    private void RollBack()
    {
        _tables.Forget();
        try
        {
            _connection.RollBack();
        }
        catch (TaskStoreException)
        {
            // The disk is at fault, which the change's own failure reports; so does the next BEGIN.
        }
    }
}
