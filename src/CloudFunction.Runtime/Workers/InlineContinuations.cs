using System.Diagnostics;

namespace CloudFunction.Runtime.Workers;

/// <summary>Decides whether a caller's continuation, and so the app's middleware, may run on a connection's reader: each time it kept the
/// reader too long, the thread pool is used instead for a while, twice as long each time. For one reader at a time.</summary>
internal sealed class InlineContinuations
{
    private static readonly long FirstPause = Stopwatch.Frequency; // One second.
    private static readonly long MaxPause = 64 * Stopwatch.Frequency;

    private long _seenTakeovers;
    private long _pause = FirstPause;
    private long _pausedUntil;

    /// <summary>Whether the next one may.</summary>
    /// <param name="takeovers">How often the connection's reader was taken over so far.</param>
    public bool Allowed(long takeovers)
    {
        if (takeovers != _seenTakeovers)
        {
            _seenTakeovers = takeovers;
            _pausedUntil = Stopwatch.GetTimestamp() + _pause;
            _pause = Math.Min(_pause * 2, MaxPause);
        }

        if (_pausedUntil == 0)
        {
            return true;
        }

        if (Stopwatch.GetTimestamp() < _pausedUntil)
        {
            return false;
        }

        _pausedUntil = 0;
        return true;
    }
}
