namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>Cuts transfers whose clients take too long: one timer for all of them, which runs while any client is waited for. Thread safe.</summary>
internal sealed class TransferWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Long enough for a lost packet to be sent again, short enough for those who wait for the room.
    private static readonly TimeSpan IdleInNeed = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly HashSet<Transfer> _waiting = [];
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private bool _isTicking;

    public TransferWatch(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static state => ((TransferWatch)state!).Check(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How many clients are waited for.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>The client of a transfer is waited for from now on.</summary>
    public void Begin(Transfer transfer)
    {
        lock (_lock)
        {
            transfer.BeginWait(_time.GetTimestamp());
            _waiting.Add(transfer);
            if (!_isTicking)
            {
                _isTicking = true;
                _timer.Change(Interval, Interval);
            }
        }
    }

    /// <summary>The wait is over.</summary>
    public void End(Transfer transfer)
    {
        lock (_lock)
        {
            if (_waiting.Remove(transfer))
            {
                transfer.EndWait(_time.GetElapsedTime(transfer.WaitBegan));
            }
        }
    }

    /// <summary>Cuts the transfer of a project that has stood still for longest, if any has for a while: others need its room.</summary>
    /// <returns>Whether there was one.</returns>
    public bool CutIdlest(string project)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            var idlest = _waiting.Where(each => each.Project == project).MaxBy(each => each.IdleFor(_time, now));
            if (idlest is null || idlest.IdleFor(_time, now) < IdleInNeed)
            {
                return false;
            }

            idlest.Cut(TransferLimit.Room);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    // Under the lock all the time: a wait that ends meanwhile must not have its next one cut.
    private void Check()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0)
            {
                _isTicking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }

            var now = _time.GetTimestamp();
            foreach (var transfer in _waiting.ToArray())
            {
                if (_waiting.Contains(transfer) && transfer.Check(_time, now) is var limit and not TransferLimit.None)
                {
                    transfer.Cut(limit);
                }
            }
        }
    }
}
