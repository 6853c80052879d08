namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// What waits for an attempt, in memory: 24 bytes a task and a little for each function. It is made anew from the store at each start. In SQL the
/// oldest due task of each function that has room, fairly between projects, would be a query for each function at each claim, and every claim a commit.
/// Delays are measured by the monotonic clock, so a wall clock that is put forward or back starts no task early or late. Thread safe.
/// </summary>
internal sealed class DueTasks : IDisposable
{
    // The longest that a timer is set for: it takes some seven weeks at most. Then it is set again.
    private static readonly TimeSpan MaxTimer = TimeSpan.FromDays(1);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Dictionary<string, DueProject> _projects = new(StringComparer.Ordinal);
    private readonly Queue<DueProject> _turns = new();
    private readonly PriorityQueue<(DueFunction Function, TaskId Id), long> _delayed = new();
    private readonly Dictionary<TaskId, DueFunction> _claimed = [];
    private readonly HashSet<TaskId> _removed = [];
    private TaskCompletionSource? _waiter;
    private bool _hasNews;
    private long _claims;

    public DueTasks(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(_ => Promote(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A task waits from now on.</summary>
    public void Add(Waiting task)
    {
        lock (_lock)
        {
            Add(FunctionOf(task.Project, task.Function), task.Id, task.Delay);
        }
    }

    /// <summary>A task waits no more. One that is claimed stays so until it is <see cref="Forget"/>.</summary>
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

    /// <summary>Claims tasks, a project's in turn and its oldest first, as the gate allows.</summary>
    public List<TaskId> Claim(int max, ITaskGate gate)
    {
        lock (_lock)
        {
            PromoteDue();
            _claims++;
            var claimed = new List<TaskId>();
            var withoutLuck = 0;
            while (claimed.Count < max && withoutLuck < _turns.Count)
            {
                var project = _turns.Dequeue();
                project.HasTurn = false;
                if (TryClaimOf(project, gate, out var id))
                {
                    claimed.Add(id);
                    withoutLuck = 0;
                }
                else
                {
                    withoutLuck++;
                }

                if (project.HasReady)
                {
                    Enqueue(project);
                }
            }

            return claimed;
        }
    }

    /// <summary>A claimed task waits again.</summary>
    /// <returns>Its project and function; null where it is not claimed.</returns>
    public (string Project, string Function)? Return(TaskId id, TimeSpan delay)
    {
        lock (_lock)
        {
            if (!_claimed.Remove(id, out var function))
            {
                return null;
            }

            Add(function, id, delay);
            return (function.Project.Name, function.Name);
        }
    }

    /// <summary>A claimed task is finished, or not the claimer's any more.</summary>
    /// <returns>Its project and function; null where it is not claimed.</returns>
    public (string Project, string Function)? Forget(TaskId id)
    {
        lock (_lock)
        {
            return _claimed.Remove(id, out var function) ? (function.Project.Name, function.Name) : null;
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

    private bool TryClaimOf(DueProject project, ITaskGate gate, out TaskId id)
    {
        while (project.OldestOf(_claims, _removed) is { } function)
        {
            if (gate.TryTake(project.Name, function.Name))
            {
                id = function.Ready.Dequeue();
                _claimed.Add(id, function);
                return true;
            }

            function.RefusedIn = _claims;
        }

        id = default;
        return false;
    }

    private void Add(DueFunction function, TaskId id, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            var due = _time.GetTimestamp() + (long)(delay.TotalSeconds * _time.TimestampFrequency);
            _delayed.Enqueue((function, id), due);
            if (_delayed.Peek().Id == id)
            {
                SetTimer();
            }
        }
        else
        {
            MakeReady(function, id);
            Tell();
        }
    }

    private void Promote()
    {
        lock (_lock)
        {
            if (PromoteDue())
            {
                Tell();
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
        Enqueue(function.Project);
    }

    private void Enqueue(DueProject project)
    {
        if (!project.HasTurn)
        {
            project.HasTurn = true;
            _turns.Enqueue(project);
        }
    }

    private void SetTimer()
    {
        if (_delayed.TryPeek(out _, out var due))
        {
            var wait = _time.GetElapsedTime(_time.GetTimestamp(), due);
            _timer.Change(TimeSpan.FromMilliseconds(Math.Clamp(Math.Ceiling(wait.TotalMilliseconds), 0, MaxTimer.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell()
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
        if (!_projects.TryGetValue(project, out var known))
        {
            _projects.Add(project, known = new DueProject(project));
        }

        return known.FunctionOf(function);
    }
}
