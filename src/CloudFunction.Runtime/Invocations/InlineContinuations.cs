using System.Diagnostics;

namespace CloudFunction.Runtime.Invocations;

/// <summary>
/// Decides whether a caller's continuation, and so the app's middleware, may run on a connection's reader. It may, as long as that keeps few readers
/// so long that another has to take over: each time, other calls of the worker wait for a tick or two. For one reader at a time.
/// </summary>
internal sealed class InlineContinuations
{
    // A takeover in itself costs a new thread, about 0.1 ms. A thread that is merely preempted may cause one now and then.
    private const int MaxTakeoversPerSecond = 5;

    private long _second;
    private long _takeoversBefore;
    private bool _allowed = true;

    /// <summary>Decides whether the next one may; else the thread pool is used, for the rest of the second and the next one.</summary>
    /// <param name="takeovers">How often the connection's reader was taken over so far.</param>
    public bool TryAllow(long takeovers)
    {
        if (takeovers == _takeoversBefore && _allowed)
        {
            return true; // The usual case reads no clock.
        }

        var second = Stopwatch.GetTimestamp() / Stopwatch.Frequency;
        if (second > _second + 1)
        {
            _second = second;
            _takeoversBefore = takeovers;
            _allowed = true;
        }
        else if (takeovers - _takeoversBefore > MaxTakeoversPerSecond)
        {
            _second = second;
            _takeoversBefore = takeovers;
            _allowed = false;
        }

        return _allowed;
    }
}
