namespace CloudFunction.AspNetCore.Transfers;

/// <summary>Cuts transfers whose clients take too long: one timer for all of them, which runs while any client is waited for. Thread safe.</summary>
internal sealed class TransferWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // Long enough for a lost packet to be sent again, short enough for those who wait for the room.
    private static readonly TimeSpan IdleInNeed = TimeSpan.FromSeconds(2);

    // What is a usual minimum of servers: slower clients go where others need their connections.
    private const int MinBytesPerSecond = 240;
    private static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    // Each holds up to 100 KB of the server's memory, and with HTTP/2 a connection has a hundred of them.
    private const int MaxWaiting = 2048;

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
            if (FindIdlest(_waiting.Where(each => each.Project == project), _time.GetTimestamp()) is not { } idlest)
            {
                return false;
            }

            idlest.CutForOthers(withConnection: false);
            return true;
        }
    }

    /// <summary>Cuts the transfer, of whichever project, that has stood still for longest or, where none has for a while, the slowest, if
    /// that is slower than any client of use: others need its connection.</summary>
    /// <returns>Whether there was one.</returns>
    public bool CutSlowest()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if ((FindIdlest(_waiting, now) ?? FindSlowest(now)) is not { } victim)
            {
                return false;
            }

            victim.CutForOthers(withConnection: true);
            return true;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private Transfer? FindIdlest(IEnumerable<Transfer> transfers, long now) =>
        transfers.Where(static each => !each.IsCut).MaxBy(each => each.IdleFor(_time, now)) is { } idlest && idlest.IdleFor(_time, now) >= IdleInNeed
            ? idlest
            : null;

    private Transfer? FindSlowest(long now) =>
        _waiting.Where(each => !each.IsCut && each.WaitedFor(_time, now) >= RateGrace).MinBy(each => each.RateOf(_time, now)) is { } slowest
        && slowest.RateOf(_time, now) < MinBytesPerSecond
            ? slowest
            : null;

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
            for (var more = _waiting.Count(static each => !each.IsCut) - MaxWaiting; more > 0 && FindIdlest(_waiting, now) is { } idlest; more--)
            {
                idlest.CutForOthers(withConnection: true);
            }

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
