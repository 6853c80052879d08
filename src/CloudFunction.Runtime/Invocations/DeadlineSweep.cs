using CloudFunction.Protocol.Connections;

namespace CloudFunction.Runtime.Invocations;

/// <summary>The one clock of all calls: checks what has a deadline, tick by tick, while anything does.</summary>
internal sealed class DeadlineSweep : IDisposable
{
    /// <summary>How late a deadline may be noticed. Finer than timeouts are given, coarse enough to cost nothing.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    private readonly TickingThread<IDeadlineHolder> _thread;
    private readonly TimeProvider _time;

    public DeadlineSweep(TimeProvider time)
    {
        _time = time;
        _thread = new TickingThread<IDeadlineHolder>("CloudFunction deadlines", Tick, SweepAll);
    }

    /// <summary>Sweeps a member from now on.</summary>
    public void Add(IDeadlineHolder member) => _thread.Add(member);

    /// <summary>Sweeps a member no longer.</summary>
    public void Remove(IDeadlineHolder member) => _thread.Remove(member);

    /// <summary>Something has a deadline: makes sure that the sweep runs. Call it after the deadline can be seen.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier(); // The deadline is visible before it is checked whether the thread sleeps.
        _thread.Wake();
    }

    public void Dispose() => _thread.End();

    private bool SweepAll(IDeadlineHolder[] members)
    {
        var now = _time.GetTimestamp();
        var active = false;
        foreach (var member in members)
        {
            active |= member.EndOverdue(now);
        }

        return active;
    }
}
