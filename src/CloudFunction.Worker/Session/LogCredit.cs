using System.Diagnostics;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;

namespace CloudFunction.Worker.Session;

/// <summary>The room that the host has for log records. Who finds none waits for it, off the processor and not for long. Thread safe.</summary>
internal sealed class LogCredit
{
    // Long enough for a busy host to write what it has, short enough for a function not to miss its time over a record.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private int _available = CreditWindows.LogBytes;
    private int _grants;
    private bool _stalled;

    /// <summary>Takes room for a record, waiting at most 100 ms for it. Where one record has waited in vain, those behind it do not wait at
    /// all until the host grants something again: many at once are held up no longer than one.</summary>
    /// <returns>False where the record is to be dropped.</returns>
    public bool TryTake(int bytes)
    {
        lock (_lock)
        {
            var grants = _grants;
            var began = Stopwatch.GetTimestamp(); // Another process is waited for, so this is real time.
            while (_available < bytes)
            {
                var left = MaxWait - Stopwatch.GetElapsedTime(began);
                if (_stalled || left <= TimeSpan.Zero)
                {
                    _stalled |= grants == _grants;
                    return false;
                }

                // Where this thread is the connection's reader it is in foreign code, so that another one takes over and reads the grant.
                Monitor.Wait(_lock, left + TimeSpan.FromMilliseconds(1)); // Rounded up: what is left of a millisecond is no reason to spin.
            }

            _available -= bytes;
            return true;
        }
    }

    /// <summary>The host has room for so many bytes more.</summary>
    /// <exception cref="ProtocolException">Those are more than were sent.</exception>
    public void Grant(int bytes)
    {
        lock (_lock)
        {
            if (bytes > CreditWindows.LogBytes - _available)
            {
                throw new ProtocolException($"{bytes} bytes of log credit on top of {_available} are more than the window of {CreditWindows.LogBytes}.");
            }

            _available += bytes;
            _grants++;
            _stalled = false;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>No more room will come: who waits need not.</summary>
    public void End()
    {
        lock (_lock)
        {
            _available = 0;
            _stalled = true;
            Monitor.PulseAll(_lock);
        }
    }
}
