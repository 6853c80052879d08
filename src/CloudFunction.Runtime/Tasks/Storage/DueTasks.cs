using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// What waits for an attempt, and what is claimed, in memory: 24 bytes a task and a little for each function. It is made anew from the store at each
/// start: one host at a time has the store's file, so that nobody else needs to know of a claim, and a claim costs no commit. Delays are
/// measured by the monotonic clock, so a wall clock that is put forward or back starts no task early or late. Thread safe.
/// </summary>
internal sealed class DueTasks : IDisposable
{
    // The longest that a timer is set for: it takes some seven weeks at most. Then it is set again.
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Dictionary<(string Project, string Function), DueFunction> _functions = [];
    private readonly HashSet<DueFunction> _ready = [];
    private readonly PriorityQueue<(DueFunction Function, TaskId Id), long> _delayed = new();
    private readonly Dictionary<TaskId, DueClaim> _claimed = [];
    private readonly HashSet<TaskId> _removed = [];
    private TaskCompletionSource? _waiter;
    private bool _hasNews;

    public DueTasks(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Promote(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Adds a task that waits from now on.</summary>
    public void Add(Waiting task)
    {
        lock (_lock)
        {
            Add(FunctionOf(task.Project, task.Function), task.Id, task.Delay);
        }
    }

    /// <summary>Removes a task that waits no more. One that is claimed stays so until <see cref="Forget"/>.</summary>
    public void Remove(TaskId id)
    {
        lock (_lock)
        {
            if (!_claimed.ContainsKey(id))
            {
                _removed.Add(id); // It is taken out where it is met: a heap is not searched.
            }
        }
    }

    /// <summary>Counts what is due and not claimed.</summary>
    public List<DueCount> Count()
    {
        lock (_lock)
        {
            PromoteDue();
            var counts = new List<DueCount>(_ready.Count);
            foreach (var function in _ready)
            {
                if (TryPeek(function, out var oldest))
                {
                    counts.Add(new DueCount(function.Project, function.Name, function.Ready.Count, oldest));
                }
            }

            _ready.RemoveWhere(static function => function.Ready.Count == 0);
            return counts;
        }
    }

    /// <summary>Claims what is due, of each function the oldest, as many as there is room for.</summary>
    public List<TaskId> Claim(Guid owner, IReadOnlyList<TaskRoom> rooms)
    {
        lock (_lock)
        {
            PromoteDue();
            var claimed = new List<TaskId>();
            foreach (var room in rooms)
            {
                var function = FunctionOf(room.Project, room.Function);
                for (var place = 0; place < room.Places && TryPeek(function, out var id); place++)
                {
                    function.Ready.Dequeue();
                    _claimed.Add(id, new DueClaim(function, owner, IsStarted: false));
                    claimed.Add(id);
                }
            }

            return claimed;
        }
    }

    /// <summary>Whether a task is claimed by an owner.</summary>
    public bool IsClaimed(TaskId id, Guid owner)
    {
        lock (_lock)
        {
            return _claimed.TryGetValue(id, out var claim) && claim.Owner == owner;
        }
    }

    /// <summary>Finds whose claim a task is; null where it is not claimed.</summary>
    public Guid? OwnerOf(TaskId id)
    {
        lock (_lock)
        {
            return _claimed.TryGetValue(id, out var claim) ? claim.Owner : null;
        }
    }

    /// <summary>Finds what an owner has claimed.</summary>
    public List<TaskId> ClaimsOf(Guid owner)
    {
        lock (_lock)
        {
            return [.. _claimed.Where(claim => claim.Value.Owner == owner).Select(claim => claim.Key)];
        }
    }

    /// <summary>Ends an owner's claim of a task, which waits again; does nothing where it is not the owner's.</summary>
    public void Return(TaskId id, Guid owner, TimeSpan delay)
    {
        lock (_lock)
        {
            if (_claimed.TryGetValue(id, out var claim) && claim.Owner == owner)
            {
                _claimed.Remove(id);
                Add(claim.Function, id, delay);
            }
        }
    }

    /// <summary>An owner's claim has come to a start.</summary>
    public void Start(TaskId id, Guid owner)
    {
        lock (_lock)
        {
            if (_claimed.TryGetValue(id, out var claim) && claim.Owner == owner)
            {
                _claimed[id] = claim with { IsStarted = true };
            }
        }
    }

    /// <summary>Ends an owner's claim of a task that has not started and must not; does nothing where it is not the owner's.</summary>
    public void ForgetUnstarted(TaskId id, Guid owner)
    {
        lock (_lock)
        {
            if (_claimed.TryGetValue(id, out var claim) && claim.Owner == owner && !claim.IsStarted)
            {
                _claimed.Remove(id);
            }
        }
    }

    /// <summary>Ends an owner's claim of a task that waits no more; does nothing where it is not the owner's.</summary>
    public void Forget(TaskId id, Guid owner)
    {
        lock (_lock)
        {
            if (_claimed.TryGetValue(id, out var claim) && claim.Owner == owner)
            {
                _claimed.Remove(id);
            }
        }
    }

    /// <summary>Completes once something has become due since the last time it did.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_hasNews)
            {
                _hasNews = false;
                return Task.CompletedTask;
            }

            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task.WaitAsync(cancellationToken);
        }
    }

    public void Dispose() => _timer.Dispose();

    // The oldest that was not cancelled meanwhile.
    private bool TryPeek(DueFunction function, out TaskId id)
    {
        while (function.Ready.TryPeek(out id, out _))
        {
            if (!_removed.Remove(id))
            {
                return true;
            }

            function.Ready.Dequeue();
        }

        return false;
    }

    private void Add(DueFunction function, TaskId id, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            _delayed.Enqueue((function, id), _time.After(delay));
            if (_delayed.Peek().Id == id)
            {
                SetTimer();
            }
        }
        else
        {
            MakeReady(function, id);
            Signal();
        }
    }

    private void Promote()
    {
        lock (_lock)
        {
            if (PromoteDue())
            {
                Signal();
            }

            SetTimer();
        }
    }

    private bool PromoteDue()
    {
        var now = _time.GetTimestamp();
        var hasAny = false;
        while (_delayed.TryPeek(out var task, out var due) && due <= now)
        {
            _delayed.Dequeue();
            if (!_removed.Remove(task.Id))
            {
                MakeReady(task.Function, task.Id);
                hasAny = true;
            }
        }

        return hasAny;
    }

    private void MakeReady(DueFunction function, TaskId id)
    {
        function.Ready.Enqueue(id, id.Key);
        _ready.Add(function);
    }

    private void SetTimer()
    {
        if (_delayed.TryPeek(out _, out var due))
        {
            var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
            _timer.Change(
                TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, MaxTimer.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Signal()
    {
        if (_waiter is { } waiter)
        {
            _waiter = null;
            waiter.SetResult();
        }
        else
        {
            _hasNews = true;
        }
    }

    private DueFunction FunctionOf(string project, string function)
    {
        if (!_functions.TryGetValue((project, function), out var known))
        {
            _functions.Add((project, function), known = new DueFunction(project, function));
        }

        return known;
    }
}
