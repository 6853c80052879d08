using System.Diagnostics.CodeAnalysis;

namespace CloudFunction.Protocol.Connections;

/// <summary>
/// A thread of its own that checks its members tick by tick, so that a thread pool that is used up keeps nothing from being noticed. It sleeps
/// while no member has anything to check. Thread safe.
/// </summary>
/// <typeparam name="T">What a member is.</typeparam>
/// <param name="name">The thread's name.</param>
/// <param name="tick">How often it checks.</param>
/// <param name="check">Checks all members, and returns whether any of them needs to be checked again.</param>
[SuppressMessage("Design", "CA1001", Justification = "The thread may be about to wait for the event, and both live about as long as the process.")]
internal sealed class TickingThread<T>(string name, TimeSpan tick, Func<T[], bool> check)
    where T : class
{
    // After a second in which nothing happened: a busy process does not pay for waking the thread each time.
    private readonly int _idleTicksBeforeParking = (int)(TimeSpan.FromSeconds(1) / tick);
    private readonly Lock _lock = new();
    private readonly AutoResetEvent _wake = new(false);
    private T[] _members = [];
    private Thread? _thread;
    private int _parked = 1;
    private volatile bool _ended;

    /// <summary>Checks a member from now on.</summary>
    public void Add(T member)
    {
        lock (_lock)
        {
            _members = [.. _members, member];
            if (_thread is null)
            {
                _thread = new Thread(Run) { IsBackground = true, Name = name };
                _thread.Start();
            }
        }
    }

    /// <summary>Checks a member no longer.</summary>
    public void Remove(T member)
    {
        lock (_lock)
        {
            _members = Array.FindAll(_members, m => !ReferenceEquals(m, member));
        }
    }

    /// <summary>Makes sure that the thread is checking. Call it after a full fence behind what there is to find.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _parked) != 0 && Interlocked.Exchange(ref _parked, 0) != 0)
        {
            _wake.Set();
        }
    }

    /// <summary>Ends the thread, soon.</summary>
    public void End()
    {
        _ended = true;
        _wake.Set();
    }

    private void Run()
    {
        var idleTicks = 0;
        while (!_ended)
        {
            _wake.WaitOne(Volatile.Read(ref _parked) != 0 ? Timeout.InfiniteTimeSpan : tick);
            idleTicks = check(Volatile.Read(ref _members)) ? 0 : idleTicks + 1;
            if (idleTicks < _idleTicksBeforeParking)
            {
                continue;
            }

            idleTicks = 0;
            Interlocked.Exchange(ref _parked, 1);
            if (check(Volatile.Read(ref _members)))
            {
                Wake(); // It came between the last check and the flag, and so found nobody to wake.
            }
        }
    }
}
