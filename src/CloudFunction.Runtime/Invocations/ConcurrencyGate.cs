namespace CloudFunction.Runtime.Invocations;

/// <summary>
/// Lets a limited number of calls run at once; the others wait in order, within a budget and a deadline. It is open, held (calls wait
/// whatever is free, because no worker is ready) or closed (calls are rejected). Thread safe.
/// </summary>
internal sealed class ConcurrencyGate : IDeadlineHolder
{
    private readonly Lock _lock = new();
    private readonly Queue<GateWaiter> _waiters = new();
    private readonly QueueBudget _queue;
    private readonly DeadlineSweep _sweep;
    private readonly Action? _onHeldWait;
    private readonly int _limit;
    private readonly string _limitName;
    private Rejection? _closed;
    private Action? _onRoom;
    private bool _held;
    private bool _hasServed; // Since it was last closed.
    private int _running;
    private int _waiting;

    /// <param name="limit">How many run at once.</param>
    /// <param name="limitName">The setting that it comes from, for messages.</param>
    /// <param name="queue">Who else may wait.</param>
    /// <param name="sweep">Ends waits that take too long.</param>
    /// <param name="onHeldWait">Called when a call begins to wait while the gate is held: somebody wants a worker.</param>
    public ConcurrencyGate(int limit, string limitName, QueueBudget queue, DeadlineSweep sweep, Action? onHeldWait = null)
    {
        _limit = limit;
        _limitName = limitName;
        _queue = queue;
        _sweep = sweep;
        _onHeldWait = onHeldWait;
        sweep.Add(this);
    }

    /// <summary>Why calls are rejected now; null where they are not.</summary>
    public Rejection? Closed => Volatile.Read(ref _closed);

    /// <summary>How many run.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>How many wait here.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes a place at once, where one is free and nobody waits for it.</summary>
    public bool TryEnter()
    {
        lock (_lock)
        {
            if (!CanEnter)
            {
                return false;
            }

            _running++;
            return true;
        }
    }

    /// <summary>Takes a place at once, where one is free and nobody waits for it; else asks to be notified.</summary>
    /// <param name="onRoom">Called once when there is a place again that nobody waits for: with a lock held, so it only passes that on. Of several
    /// that ask, the last one is notified.</param>
    public bool TryEnter(Action onRoom)
    {
        bool held;
        lock (_lock)
        {
            if (CanEnter)
            {
                _running++;
                return true;
            }

            _onRoom = onRoom;
            held = _held;
        }

        if (held)
        {
            _onHeldWait?.Invoke();
        }

        return false;
    }

    /// <summary>Takes a place, waiting for it.</summary>
    /// <param name="deadline">Until when, as a timestamp of the process's time provider.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>Null once inside; else why not. Whoever is inside calls <see cref="Exit"/>.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public async ValueTask<Rejection?> EnterAsync(long deadline, CancellationToken cancellationToken)
    {
        GateWaiter waiter;
        bool held;
        lock (_lock)
        {
            if (_closed is not null)
            {
                return _closed;
            }

            if (CanEnter)
            {
                _running++;
                return null;
            }

            if (!_queue.TryTake())
            {
                return new Rejection(RejectionReason.QueueFull, $"{_queue.Max} calls of this project wait already (MAX_QUEUE).");
            }

            waiter = new GateWaiter(deadline);
            _waiters.Enqueue(waiter);
            Interlocked.Increment(ref _waiting); // Atomic although locked: it is decremented outside of the lock.
            held = _held;
        }

        _sweep.Wake();
        if (held)
        {
            _onHeldWait?.Invoke();
        }

        using var registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((GateWaiter)state!).TryCancel(token), waiter);
        try
        {
            return await waiter.Task.ConfigureAwait(false);
        }
        finally
        {
            _queue.Release();
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Gives a place back, to the next that waits.</summary>
    public void Exit()
    {
        lock (_lock)
        {
            _running--;
            LetIn();
        }
    }

    /// <summary>Lets calls in.</summary>
    public void Open()
    {
        lock (_lock)
        {
            _closed = null;
            _held = false;
            _hasServed = true;
            LetIn();
        }
    }

    /// <summary>Makes calls wait.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _closed = null;
            _held = true;
        }
    }

    /// <summary>Rejects calls, those that wait included.</summary>
    public void Close(Rejection rejection)
    {
        lock (_lock)
        {
            _closed = rejection;
            _hasServed = false;
            while (_waiters.TryDequeue(out var waiter))
            {
                waiter.TryEnd(rejection);
            }
        }
    }

    public bool EndOverdue(long now)
    {
        lock (_lock)
        {
            // In order of arrival, and so nearly of their deadlines, which differ by what one wait took before a second one.
            foreach (var waiter in _waiters)
            {
                if (waiter.Deadline <= now)
                {
                    waiter.TryEnd(RejectionOfLate());
                }
            }

            while (_waiters.TryPeek(out var first) && first.Ended)
            {
                _waiters.Dequeue();
            }

            return _waiters.Count > 0;
        }
    }

    private bool CanEnter => _closed is null && !_held && _running < _limit && _waiters.Count == 0;

    private Rejection RejectionOfLate() => _held && !_hasServed ? Rejection.Starting() : new Rejection(RejectionReason.WaitTooLong, _held
        ? "No worker of this project became ready in time (TIMEOUT_NOTIFY)."
        : $"No place became free in time (TIMEOUT_NOTIFY): {_limit} calls run at once ({_limitName}).");

    private void LetIn()
    {
        while (!_held && _closed is null && _running < _limit && _waiters.TryDequeue(out var waiter))
        {
            if (waiter.TryEnd(null))
            {
                _running++;
            }
        }

        if (_onRoom is { } onRoom && CanEnter)
        {
            _onRoom = null;
            onRoom();
        }
    }
}
