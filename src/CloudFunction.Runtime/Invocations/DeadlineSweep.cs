namespace CloudFunction.Runtime.Invocations;

/// <summary>
/// The one clock of all calls: a thread that looks through what has a deadline, tick by tick, and sleeps while nothing does. A thread of its
/// own, since a thread pool that the app's code has used up must not keep a timeout from being noticed.
/// </summary>
internal sealed class DeadlineSweep : IDisposable
{
    /// <summary>How late a deadline may be noticed. Finer than timeouts are given, coarse enough to cost nothing.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private const int IdleTicksBeforeParking = 50;

    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TimeProvider _time;
    private ISweepable[] _members = [];
    private Thread? _thread;
    private int _parked = 1;
    private volatile bool _disposed;

    public DeadlineSweep(TimeProvider time) => _time = time;

    /// <summary>Looks through a member from now on.</summary>
    public void Add(ISweepable member)
    {
        lock (_lock)
        {
            _members = [.. _members, member];
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = "CloudFunction deadlines" };
                _thread.Start();
            }
        }
    }

    /// <summary>Looks through a member no longer.</summary>
    public void Remove(ISweepable member)
    {
        lock (_lock)
        {
            _members = Array.FindAll(_members, m => !ReferenceEquals(m, member));
        }
    }

    /// <summary>Something has a deadline: makes sure that the sweep looks. Call it after the deadline can be seen.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier(); // The deadline is visible before the flag is read; see Run.
        if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0)
        {
            _wake.Set();
        }
    }

    public void Dispose()
    {
        _disposed = true;
        _wake.Set(); // Not disposed of: the thread may be about to wait for it.
    }

    private void Run()
    {
        var idleTicks = 0;
        while (!_disposed)
        {
            _wake.WaitOne(Volatile.Read(ref _parked) != 0 ? Timeout.InfiniteTimeSpan : Tick);
            idleTicks = SweepAll() ? 0 : idleTicks + 1;
            if (idleTicks >= IdleTicksBeforeParking)
            {
                idleTicks = 0;
                Interlocked.Exchange(ref _parked, 1);
                if (SweepAll())
                {
                    Wake(); // It came between the last look and the flag.
                }
            }
        }
    }

    private bool SweepAll()
    {
        var now = _time.GetTimestamp();
        var active = false;
        foreach (var member in Volatile.Read(ref _members))
        {
            active |= member.Sweep(now);
        }

        return active;
    }
}
