using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Connections;

/// <summary>Reports that the server's connections are used up: what happened within a second at first, then once a minute as long as it goes on.
/// Thread safe.</summary>
internal sealed partial class CrowdNotice(int max, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private ITimer? _timer;
    private long? _reportedAt;
    private long _closed;
    private long _waited;

    /// <summary>An idle connection was closed to make room.</summary>
    public void Closed()
    {
        lock (_lock)
        {
            _closed++;
            PlanLocked();
        }
    }

    /// <summary>A newcomer waits, because none has been idle for a while.</summary>
    public void Waited()
    {
        lock (_lock)
        {
            _waited++;
            PlanLocked();
        }
    }

    private void PlanLocked()
    {
        if (_timer is null)
        {
            var due = _reportedAt is { } at && Interval - time.GetElapsedTime(at) is var left && left > First ? left : First;
            _timer = time.CreateTimer(static notice => ((CrowdNotice)notice!).Report(), this, due, Timeout.InfiniteTimeSpan);
        }
    }

    private void Report()
    {
        long closed, waited;
        lock (_lock)
        {
            (closed, waited, _closed, _waited) = (_closed, _waited, 0, 0);
            _reportedAt = time.GetTimestamp();
            _timer?.Dispose();
            _timer = null;
        }

        LogCrowded(logger, max, closed, waited);
    }
}
