using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// Tasks in one SQLite file: written by one thread that commits in groups (<see cref="TaskWriter"/>), read past it
/// (<see cref="ReaderPool"/>), with what waits in memory (<see cref="DueTasks"/>). One store at a time may have the file open: whoever
/// opens it holds the data directory's lock.
/// </summary>
internal sealed partial class SqliteTaskStore : ITaskStore, IIdempotencyStore, IScheduleStore, ICallbackStore, IHostStore
{
    // Payloads that one claim brings into memory: one of the largest by default (MAX_REQUEST_BYTES), or many small ones.
    private const long MaxClaimedBytes = 32 << 20;

    private readonly string _dataDirectory;
    private readonly long? _maxBytes;
    private readonly long _anonymousBytes;
    private readonly DueTasks _due;
    private readonly DueCallbacks _callbacks;
    private readonly OwnerLeases _leases;
    private readonly CancelWishes _cancels = new();
    private readonly ReservedKeys _reserved = new();
    private readonly TimeProvider _time;
    private readonly ILogger<SqliteTaskStore> _logger;
    private int _closes;

    /// <summary>Makes a store that answers once it is opened; until then, calls fail with <see cref="InvalidOperationException"/>.</summary>
    /// <param name="dataDirectory">DATA_DIR; held by this host when the store is opened.</param>
    /// <param name="time">For ids, due times and leases.</param>
    /// <param name="logger">Where to log what was found.</param>
    /// <param name="maxBytes">How large the file may become, beside which its log takes room; null: as large as the disk allows.</param>
    /// <param name="anonymousBytes">ANONYMOUS_STORE_BYTES.</param>
    public SqliteTaskStore(
        string dataDirectory, TimeProvider time, ILogger<SqliteTaskStore> logger, long? maxBytes = null, long anonymousBytes = long.MaxValue)
    {
        _dataDirectory = dataDirectory;
        _maxBytes = maxBytes;
        _anonymousBytes = anonymousBytes;
        _due = new DueTasks(time);
        _callbacks = new DueCallbacks(CallbackQueue.MaxRunning, time);
        _leases = new OwnerLeases(time);
        _time = time;
        _logger = logger;
    }

    public Task<EnqueueResult> EnqueueAsync(NewTask task, CancellationToken cancellationToken) => task.Payload.IsLarge
        ? WithFileAsync(
            task.Payload, () => InsertAsync(task, cancellationToken), static result => result.Outcome == EnqueueOutcome.Accepted, cancellationToken)
        : InsertAsync(task, cancellationToken);

    private Task<EnqueueResult> InsertAsync(NewTask task, CancellationToken cancellationToken) => Opened.Writer.WriteAsync(
        BytesOf(task.Payload),
        tables => tables.Enqueue(task),
        result =>
        {
            if (result is { Outcome: EnqueueOutcome.Accepted, Id: { } id })
            {
                _due.Add(new Waiting(task.Project, task.Function, id, task.Delay));
            }
        },
        cancellationToken);

    public Task<FunctionTask?> GetAsync(TaskId id, CancellationToken cancellationToken) =>
        Opened.Readers.ReadAsync(reader => reader.Find(id), cancellationToken);

    public Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, TaskQuery.MaxLimit);
        return Opened.Readers.ReadAsync(reader => reader.List(query), cancellationToken);
    }

    public Task<IReadOnlyList<DueCount>> CountDueAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DueCount>>(_due.Count());

    public async Task<IReadOnlyList<FunctionTask>> ClaimAsync(StoreOwner owner, IReadOnlyList<TaskRoom> rooms, CancellationToken cancellationToken)
    {
        _leases.Renew(owner);
        var claimed = _due.Claim(owner.Id, rooms);
        if (claimed.Count == 0)
        {
            return [];
        }

        var read = 0;
        var unknown = new List<TaskStoreException>();
        try
        {
            var found = await Opened.Readers.ReadAsync(
                reader => reader.Find(claimed, MaxClaimedBytes, unknown), cancellationToken).ConfigureAwait(false);
            read = found.Count;
            var waiting = new List<FunctionTask>(read);
            for (var i = 0; i < read; i++)
            {
                if (found[i] is { } task && task.Summary.Status.IsWaiting())
                {
                    waiting.Add(task);
                }
                else
                {
                    _due.Forget(claimed[i], owner.Id); // Cancelled since, and perhaps swept; or unknown.
                }
            }

            unknown.ForEach(LogNotClaimed);
            return waiting;
        }
        finally
        {
            // Those that were too much to read at once, and all of them where the read failed.
            foreach (var id in claimed.Skip(read))
            {
                _due.Return(id, owner.Id, TimeSpan.Zero);
            }
        }
    }

    public Task WaitForDueAsync(CancellationToken cancellationToken) => _due.WaitAsync(cancellationToken);

    public Task ReleaseAsync(TaskId id, StoreOwner owner, TimeSpan delay, CancellationToken cancellationToken)
    {
        _due.Return(id, owner.Id, delay);
        return Task.CompletedTask;
    }

    public Task<int?> StartAttemptAsync(TaskId id, StoreOwner owner, string? worker, string? logReference, CancellationToken cancellationToken) =>
        Opened.Writer.WriteAsync(
            0,
            tables => _due.IsClaimed(id, owner.Id) ? tables.Start(id, worker, logReference) : null,
            number =>
            {
                if (number is null)
                {
                    _due.ForgetUnstarted(id, owner.Id);
                }
                else
                {
                    _due.Start(id, owner.Id);
                }
            },
            cancellationToken);

    public async Task<FunctionTaskStatus?> EndAttemptAsync(
        TaskId id, StoreOwner owner, int attempt, AttemptEnd end, CancellationToken cancellationToken)
    {
        if (end.Result.IsLarge)
        {
            // Stays where it is when what follows fails: the end is then stored again, and its file is not where it was.
            await Task.Run(() => Opened.Files.Write(end.Result), cancellationToken).ConfigureAwait(false);
        }

        Callback? callback = null;
        var status = await Opened.Writer.WriteAsync(
            BytesOf(end.Result),
            tables => _due.IsClaimed(id, owner.Id) ? tables.End(id, attempt, end, out callback) : null,
            status => OnEnded(id, owner.Id, status, end.Delay, callback),
            cancellationToken).ConfigureAwait(false);
        if (end.Result.IsLarge && status != FunctionTaskStatus.Completed)
        {
            Opened.Files.Discard(end.Result);
        }

        return status;
    }

    public Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken)
    {
        Callback? callback = null;
        return Opened.Writer.WriteAsync(
            0,
            tables => tables.Cancel(id, out callback),
            outcome =>
            {
                if (outcome == CancelOutcome.Cancelled)
                {
                    _due.Remove(id);
                    Add(callback);
                }
                else if (outcome == CancelOutcome.Requested && _due.OwnerOf(id) is { } owner)
                {
                    _cancels.Add(id, owner);
                }
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<TaskId>> WaitForCancelsAsync(StoreOwner owner, CancellationToken cancellationToken) =>
        _cancels.WaitAsync(owner.Id, cancellationToken);

    public async Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken)
    {
        var (outcome, _) = await Opened.Writer.WriteAsync(
            0,
            tables => tables.Rerun(id),
            rerun =>
            {
                if (rerun.Outcome == RerunOutcome.Queued)
                {
                    _due.Add(rerun.Task);
                }
            },
            cancellationToken).ConfigureAwait(false);
        return outcome;
    }

    public Task<int> SweepAsync(DateTimeOffset finishedBefore, CancellationToken cancellationToken) =>
        Opened.Sweep.RunAsync(finishedBefore, cancellationToken);

    /// <summary>Writes what waits, ends the reads that run, and closes the file.</summary>
    public async Task CloseAsync()
    {
        if (Interlocked.Exchange(ref _closes, 1) != 0)
        {
            return;
        }

        await _closing.CancelAsync().ConfigureAwait(false);
        await _opening.ConfigureAwait(false);
        if (_opened is { } opened)
        {
            await opened.Readers.CloseAsync().ConfigureAwait(false);
            await Task.Run(opened.Writer.Dispose).ConfigureAwait(false);
            opened.Readers.Dispose();
        }
    }

    /// <summary>Closes it, where it is open.</summary>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _closing.Dispose();
        _due.Dispose();
        _callbacks.Dispose();
    }

    // What waits to be written in memory.
    private static long BytesOf(NewValue value) => value.IsLarge ? 0 : value.Length;

    // The file first, so that no row names one that is not there; and it goes where the row does not come.
    private async Task<T> WithFileAsync<T>(NewValue value, Func<Task<T>> write, Func<T, bool> isStored, CancellationToken cancellationToken)
    {
        if (value.IsLarge)
        {
            await Task.Run(() => Opened.Files.Write(value), cancellationToken).ConfigureAwait(false);
        }

        var isKept = false;
        try
        {
            var result = await write().ConfigureAwait(false);
            isKept = isStored(result);
            return result;
        }
        finally
        {
            if (!isKept)
            {
                Opened.Files.Discard(value);
            }
        }
    }

    // What follows in memory from the end of an attempt.
    private void OnEnded(TaskId id, Guid owner, FunctionTaskStatus? status, TimeSpan delay, Callback? callback)
    {
        if (status == FunctionTaskStatus.Retrying)
        {
            _due.Return(id, owner, delay);
        }
        else if (status is not null)
        {
            _due.Forget(id, owner);
            Add(callback);
        }
    }

    private void Add(Callback? callback)
    {
        if (callback is not null)
        {
            _callbacks.Add(callback, TimeSpan.Zero);
        }
    }
}
