using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>
/// Tasks, keys and schedules in memory, with what a restart would keep. Every call goes over all of them under one lock, so that it is
/// plainly what the interfaces ask for; it shares nothing with the store that a host uses.
/// </summary>
internal sealed class MemoryTaskStore(TimeProvider time) : ITaskStore, IIdempotencyStore, IScheduleStore
{
    private static readonly InvocationError HostLost = new("The host that ran it is gone.");

    private readonly Lock _lock = new();
    private readonly SortedDictionary<TaskId, Entry> _tasks = [];
    private readonly Dictionary<string, (byte[] Payload, TaskId? Task, byte[]? Outcome, DateTimeOffset Made)> _keys = [];
    private readonly Dictionary<string, (byte[] Payload, Guid Owner, TaskCompletionSource<bool> End)> _reserved = [];
    private readonly Dictionary<string, byte[]> _schedules = [];
    private readonly LeaseClock _leases = new(time);
    private readonly List<ITimer> _timers = [];
    private readonly Dictionary<Guid, List<TaskId>> _cancels = [];
    private TaskCompletionSource _changed = NewSignal();
    private bool _hasNews;
    private long _lastKey;

    public Task<EnqueueResult> EnqueueAsync(NewTask task, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (task.IdempotencyKey is { } key)
            {
                if (_keys.TryGetValue(NameOf(key), out var known))
                {
                    return Task.FromResult(known.Task is { } first && known.Payload.AsSpan().SequenceEqual(key.Payload)
                        ? new EnqueueResult(EnqueueOutcome.Duplicate, first)
                        : new EnqueueResult(EnqueueOutcome.Conflict, null));
                }

                if (_reserved.ContainsKey(NameOf(key)))
                {
                    return Task.FromResult(new EnqueueResult(EnqueueOutcome.Conflict, null));
                }
            }

            var id = Add(task);
            if (task.IdempotencyKey is { } newKey)
            {
                _keys[NameOf(newKey)] = (newKey.Payload, id, null, time.GetUtcNow());
            }

            return Task.FromResult(new EnqueueResult(EnqueueOutcome.Accepted, id));
        }
    }

    public Task<FunctionTask?> GetAsync(TaskId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_tasks.GetValueOrDefault(id)?.ToTask());
        }
    }

    public Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var found = _tasks.Values.Select(entry => entry.Summary)
                .Where(task => query.Project is null || task.Project == query.Project)
                .Where(task => query.Function is null || task.Function == query.Function)
                .Where(task => query.Status is null || task.Status == query.Status)
                .Where(task => query.Before is not { } before || task.Id.CompareTo(before) < 0)
                .Reverse().ToList();
            return Task.FromResult(new TaskPage(
                found[..Math.Min(found.Count, query.Limit)], found.Count > query.Limit ? found[query.Limit - 1].Id : null));
        }
    }

    public Task<IReadOnlyList<DueCount>> CountDueAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DueCount>>([.. _tasks.Values.Where(IsDue)
                .GroupBy(entry => (entry.Summary.Project, entry.Summary.Function))
                .Select(function => new DueCount(function.Key.Project, function.Key.Function, function.Count(), function.First().Summary.Id))]);
        }
    }

    public Task<IReadOnlyList<FunctionTask>> ClaimAsync(StoreOwner owner, IReadOnlyList<TaskRoom> rooms, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _leases.Touch(owner.Id, owner.Lease);
            List<FunctionTask> claimed = [];
            foreach (var room in rooms)
            {
                var oldest = _tasks.Values.Where(
                    entry => IsDue(entry) && (entry.Summary.Project, entry.Summary.Function) == (room.Project, room.Function));
                foreach (var entry in oldest.Take(room.Places).ToList())
                {
                    entry.Owner = owner.Id;
                    claimed.Add(entry.ToTask());
                }
            }

            return Task.FromResult<IReadOnlyList<FunctionTask>>(claimed);
        }
    }

    public async Task WaitForDueAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_hasNews)
                {
                    _hasNews = false;
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task ReleaseAsync(TaskId id, StoreOwner owner, TimeSpan delay, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_tasks.TryGetValue(id, out var entry) && entry.Owner == owner.Id)
            {
                Wait(entry, delay);
            }

            return Task.CompletedTask;
        }
    }

    public Task<int?> StartAttemptAsync(TaskId id, StoreOwner owner, string? worker, string? logReference, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(id, out var entry) || entry.Owner != owner.Id)
            {
                return Task.FromResult<int?>(null);
            }

            if (!entry.IsWaiting)
            {
                entry.Owner = entry.Summary.Status == FunctionTaskStatus.Running ? entry.Owner : null;
                return Task.FromResult<int?>(null);
            }

            var now = time.GetUtcNow();
            var number = entry.Summary.Attempts + 1;
            entry.Attempts.Add(new TaskAttempt(number, now, null, worker, logReference, null, null));
            entry.Summary = entry.Summary with { Status = FunctionTaskStatus.Running, Attempts = number, UpdatedAt = now };
            return Task.FromResult<int?>(number);
        }
    }

    public Task<FunctionTaskStatus?> EndAttemptAsync(TaskId id, StoreOwner owner, int attempt, AttemptEnd end, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                _tasks.TryGetValue(id, out var entry) && entry.Owner == owner.Id && entry.Summary.Attempts == attempt
                && entry.Summary.Status == FunctionTaskStatus.Running
                    ? End(entry, end)
                    : (FunctionTaskStatus?)null);
        }
    }

    public Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(id, out var entry))
            {
                return Task.FromResult(CancelOutcome.NotFound);
            }

            if (entry.IsWaiting)
            {
                entry.Summary = entry.Summary with { Status = FunctionTaskStatus.Cancelled, UpdatedAt = time.GetUtcNow(), Error = null };
                return Task.FromResult(CancelOutcome.Cancelled);
            }

            if (entry.Summary.Status != FunctionTaskStatus.Running)
            {
                return Task.FromResult(CancelOutcome.Finished);
            }

            entry.Summary = entry.Summary with { IsCancelRequested = true };
            if (!_cancels.TryGetValue(entry.Owner!.Value, out var wishes))
            {
                _cancels.Add(entry.Owner.Value, wishes = []);
            }

            wishes.Add(id);
            Change();
            return Task.FromResult(CancelOutcome.Requested);
        }
    }

    public async Task<IReadOnlyList<TaskId>> WaitForCancelsAsync(StoreOwner owner, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_cancels.Remove(owner.Id, out var wishes))
                {
                    return [.. wishes.Distinct()];
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    public Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_tasks.TryGetValue(id, out var entry))
            {
                return Task.FromResult(RerunOutcome.NotFound);
            }

            if (entry.Summary.Status != FunctionTaskStatus.Failed)
            {
                return Task.FromResult(RerunOutcome.NotFailed);
            }

            entry.Summary = entry.Summary with
            {
                Status = FunctionTaskStatus.Retrying,
                AttemptLimit = entry.Summary.Attempts + entry.Summary.Terms.MaxAttempts,
                UpdatedAt = time.GetUtcNow(),
                Error = null,
            };
            Wait(entry, TimeSpan.Zero);
            return Task.FromResult(RerunOutcome.Queued);
        }
    }

    public Task<int> SweepAsync(DateTimeOffset finishedBefore, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var old = _tasks.Values.Where(entry => entry.IsFinished && entry.Summary.UpdatedAt < finishedBefore)
                .Select(entry => entry.Summary.Id)
                .ToList();
            old.ForEach(id => _tasks.Remove(id));
            foreach (var key in _keys.Where(key => key.Value.Made < finishedBefore && !(key.Value.Task is { } id && _tasks.ContainsKey(id))).ToList())
            {
                _keys.Remove(key.Key);
            }

            return Task.FromResult(old.Count);
        }
    }

    public Task<KeyReservation> ReserveAsync(IdempotencyKey key, StoreOwner owner, string? anonymousOf, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _leases.Touch(owner.Id, owner.Lease);
            if (_keys.TryGetValue(NameOf(key), out var known))
            {
                var record = new IdempotencyRecord(
                    known.Payload.AsSpan().SequenceEqual(key.Payload), known.Task, known.Outcome is { } bytes ? new StoredValue(bytes) : null);
                return Task.FromResult(new KeyReservation(KeyState.Stored, record));
            }

            if (_reserved.TryGetValue(NameOf(key), out var running))
            {
                return Task.FromResult(
                    new KeyReservation(running.Payload.AsSpan().SequenceEqual(key.Payload) ? KeyState.Running : KeyState.Conflict));
            }

            _reserved[NameOf(key)] = (key.Payload, owner.Id, new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously));
            return Task.FromResult(new KeyReservation(KeyState.Reserved));
        }
    }

    public Task<bool> WaitForEndAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return _reserved.TryGetValue(NameOf(key), out var running) ? running.End.Task.WaitAsync(cancellationToken) : Task.FromResult(true);
        }
    }

    public Task<IdempotencyRecord?> SaveAsync(
        IdempotencyKey key, StoreOwner owner, NewValue outcome, string? anonymousOf, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!EndReservation(NameOf(key), owner.Id, isLost: false))
            {
                return Task.FromResult<IdempotencyRecord?>(null);
            }

            var bytes = outcome.Row.ToArray();
            _keys[NameOf(key)] = (key.Payload, null, bytes, time.GetUtcNow());
            return Task.FromResult<IdempotencyRecord?>(new IdempotencyRecord(true, null, new StoredValue(bytes)));
        }
    }

    public Task FreeAsync(IdempotencyKey key, StoreOwner owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            EndReservation(NameOf(key), owner.Id, isLost: false);
            return Task.CompletedTask;
        }
    }

    public Task<IReadOnlyList<KeyValuePair<string, byte[]>>> ReadSchedulesAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<KeyValuePair<string, byte[]>>>(
                [.. _schedules.OrderBy(schedule => schedule.Key, StringComparer.Ordinal)]);
        }
    }

    public Task<byte[]?> FindScheduleAsync(string id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_schedules.GetValueOrDefault(id));
        }
    }

    public Task<bool> TrySaveScheduleAsync(string id, byte[]? expected, byte[]? state, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(TrySave(id, expected, state));
        }
    }

    public Task<bool> TryStartScheduledAsync(string id, byte[]? expected, byte[] state, NewTask task, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var isSaved = TrySave(id, expected, state);
            if (isSaved)
            {
                Add(task);
            }

            return Task.FromResult(isSaved);
        }
    }

    public Task<TaskId> ReserveTaskIdAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(NextId());
        }
    }

    public Task<bool> RenewAsync(StoreOwner owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_leases.Renew(owner.Id, owner.Lease, Lose));
        }
    }

    /// <summary>Forgets what is claimed and reserved, as the end of a host does, and ends what ran.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            foreach (var owner in _tasks.Values.Select(entry => entry.Owner).OfType<Guid>().Distinct().ToList())
            {
                Lose(owner);
            }

            _reserved.Clear();
            _cancels.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var timer in _timers)
        {
            await timer.DisposeAsync();
        }
    }

    private static string NameOf(IdempotencyKey key) => Convert.ToHexString(key.Scope);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskId NextId() => new(++_lastKey, Random.Shared.NextInt64());

    private TaskId Add(NewTask task)
    {
        var id = task.Id ?? NextId();
        var now = time.GetUtcNow();
        var entry = new Entry(task.Payload.Row.ToArray(), new TaskSummary(
            id, task.Project, task.Function, FunctionTaskStatus.Created, 0, task.Terms.MaxAttempts, now, now, now + task.Delay, false, null,
            task.Terms));
        _tasks.Add(id, entry);
        Wait(entry, task.Delay);
        return id;
    }

    private bool IsDue(Entry entry) => entry is { IsWaiting: true, Owner: null } && entry.Summary.DueAt <= time.GetUtcNow();

    private void Wait(Entry entry, TimeSpan delay)
    {
        entry.Owner = null;
        entry.Summary = entry.Summary with { DueAt = time.GetUtcNow() + delay };
        if (delay > TimeSpan.Zero)
        {
            _timers.Add(time.CreateTimer(_ => Signal(), null, delay, Timeout.InfiniteTimeSpan));
        }
        else
        {
            Signal();
        }
    }

    private FunctionTaskStatus End(Entry entry, AttemptEnd end)
    {
        var (now, task) = (time.GetUtcNow(), entry.Summary);
        var limit = end.Verdict == AttemptVerdict.Requeue ? task.AttemptLimit + 1 : task.AttemptLimit;
        var status = end.Verdict switch
        {
            AttemptVerdict.Complete => FunctionTaskStatus.Completed,
            AttemptVerdict.Cancel => FunctionTaskStatus.Cancelled,
            _ when task.IsCancelRequested => FunctionTaskStatus.Cancelled,
            AttemptVerdict.Fail => FunctionTaskStatus.Failed,
            _ => task.Attempts < limit ? FunctionTaskStatus.Retrying : FunctionTaskStatus.Failed,
        };
        entry.Attempts[^1] = entry.Attempts[^1] with { EndedAt = now, Outcome = end.Outcome, Error = end.Error };
        entry.Summary = task with { Status = status, AttemptLimit = limit, UpdatedAt = now, Error = end.Error };
        entry.Owner = null;
        if (status == FunctionTaskStatus.Completed)
        {
            entry.Result = end.Result.Row.ToArray();
        }

        if (status == FunctionTaskStatus.Retrying)
        {
            Wait(entry, end.Delay);
        }

        return status;
    }

    private void Lose(Guid owner)
    {
        foreach (var entry in _tasks.Values.Where(entry => entry.Owner == owner).ToList())
        {
            if (entry.Summary.Status == FunctionTaskStatus.Running)
            {
                End(entry, new AttemptEnd(AttemptVerdict.Retry, InvocationOutcome.WorkerLost) { Error = HostLost });
            }
            else
            {
                entry.Owner = null;
                Signal();
            }
        }

        foreach (var name in _reserved.Where(reserved => reserved.Value.Owner == owner).Select(reserved => reserved.Key).ToList())
        {
            EndReservation(name, owner, isLost: true);
        }
    }

    private bool EndReservation(string name, Guid owner, bool isLost)
    {
        if (!_reserved.TryGetValue(name, out var reserved) || reserved.Owner != owner)
        {
            return false;
        }

        _reserved.Remove(name);
        reserved.End.TrySetResult(!isLost);
        return true;
    }

    private bool TrySave(string id, byte[]? expected, byte[]? state)
    {
        var stored = _schedules.GetValueOrDefault(id);
        if ((stored is null) != (expected is null) || (stored is not null && !stored.AsSpan().SequenceEqual(expected)))
        {
            return false;
        }

        if (state is null)
        {
            _schedules.Remove(id);
        }
        else
        {
            _schedules[id] = state;
        }

        return true;
    }

    private void Signal()
    {
        lock (_lock)
        {
            _hasNews = true;
            Change();
        }
    }

    private void Change()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult();
    }

    private sealed class Entry(byte[] payload, TaskSummary summary)
    {
        public TaskSummary Summary { get; set; } = summary;

        public Guid? Owner { get; set; }

        public byte[]? Result { get; set; }

        public List<TaskAttempt> Attempts { get; } = [];

        public bool IsWaiting => Summary.Status is FunctionTaskStatus.Created or FunctionTaskStatus.Retrying;

        public bool IsFinished => !IsWaiting && Summary.Status != FunctionTaskStatus.Running;

        public FunctionTask ToTask() => new(Summary, new StoredValue(payload), Result is null ? null : new StoredValue(Result), [.. Attempts]);
    }
}
