using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;

namespace CloudFunction.Worker.Session;

/// <summary>The room that the host has for log records. Who finds none waits for it, off the processor and not for long. Thread safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "It lives as long as the session, and its thread-local holds nothing but numbers.")]
internal sealed class LogCredit
{
    // Long enough for a busy host to write what it has, short enough for a function not to miss its time over a record.
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(100);

    private readonly object _lock = new();
    private readonly ThreadLocal<int> _known = new();
    private int _available = CreditWindows.LogBytes;
    private int _vainWaits;
    private bool _ended;

    /// <summary>Takes room for a record, waiting at most 100 ms for it.</summary>
    /// <returns>False where the record is to be dropped.</returns>
    /// <remarks>A thread does not wait where another has just done so in vain: it may have stood behind that one all the while, at the console's
    /// lock for instance, and so have waited its time. Once for each such wait, so that a slow moment costs each thread a
    /// record and not all.</remarks>
    public bool TryTake(int bytes)
    {
        lock (_lock)
        {
            if (_available < bytes && !Wait(bytes))
            {
                return false;
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
                throw new ProtocolException(
                    $"{bytes} bytes of log credit on top of {_available} are more than the window of {CreditWindows.LogBytes}.");
            }

            _available += bytes;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>No more room will come: who waits need not.</summary>
    public void End()
    {
        lock (_lock)
        {
            _available = 0;
            _ended = true;
            Monitor.PulseAll(_lock);
        }
    }

    private bool Wait(int bytes)
    {
        var vainWaits = _vainWaits;
        if (_ended || _known.Value != vainWaits)
        {
            _known.Value = vainWaits;
            return false;
        }

        var began = Stopwatch.GetTimestamp(); // Another process is waited for, so this is real time.
        do
        {
            var left = MaxWait - Stopwatch.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                // Where several waited at once theirs was one wait.
                _vainWaits += _vainWaits == vainWaits ? 1 : 0;
                _known.Value = _vainWaits;
                return false;
            }

            // Where this thread is the connection's reader it is in foreign code, so that another one takes over and reads the grant.
            Monitor.Wait(_lock, left + TimeSpan.FromMilliseconds(1)); // Rounded up: what is left of a millisecond is no reason to spin.
        }
        while (_available < bytes && !_ended);
        return !_ended;
    }
}
