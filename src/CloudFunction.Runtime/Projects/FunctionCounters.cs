namespace CloudFunction.Runtime.Projects;

/// <summary>How often and when a function was called, over all versions and restarts. Thread safe, with no lock and no I/O.</summary>
internal sealed class FunctionCounters
{
    private readonly DirtyFlag _dirty;
    private long _executionCount;
    private long _lastExecutedTicks;

    internal FunctionCounters(FunctionState state, DirtyFlag dirty)
    {
        CreatedAt = state.CreatedAt;
        _executionCount = state.ExecutionCount;
        _lastExecutedTicks = state.LastExecuted?.UtcTicks ?? 0;
        _dirty = dirty;
    }

    /// <summary>When the function was first found.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>How many invocations were recorded.</summary>
    public long ExecutionCount => Volatile.Read(ref _executionCount);

    /// <summary>The latest time recorded, or null.</summary>
    public DateTimeOffset? LastExecuted =>
        Volatile.Read(ref _lastExecutedTicks) is var ticks and not 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    /// <summary>Counts one invocation, at a time.</summary>
    public void Record(DateTimeOffset time)
    {
        Interlocked.Increment(ref _executionCount);
        var ticks = time.UtcTicks;
        var last = Volatile.Read(ref _lastExecutedTicks);
        while (ticks > last)
        {
            var seen = Interlocked.CompareExchange(ref _lastExecutedTicks, ticks, last);
            if (seen == last)
            {
                break;
            }

            last = seen;
        }

        // After the counts: a flush that clears the flag too early finds it up again.
        _dirty.Set();
    }

    internal FunctionState ToState(bool isDisabled) => new(CreatedAt, LastExecuted, ExecutionCount, isDisabled);
}
