namespace CloudFunction.Runtime.Tasks;

/// <summary>How long a task waits before it is tried again: exponential, with jitter, so that tasks that failed together do not come
/// back together.</summary>
/// <param name="First">The most that the first wait lasts.</param>
/// <param name="Max">The most that any wait lasts.</param>
internal sealed record RetryBackoff(TimeSpan First, TimeSpan Max)
{
    // Doubling any time of at least a tick this often passes every other; beyond it the shift would overflow.
    private const int MaxDoublings = 40;

    /// <summary>Waits of one to two seconds at first, and of up to five minutes: long enough for a dependency to restart.</summary>
    public static RetryBackoff Standard { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    /// <summary>The wait after the attempt of this number, from 1. Between half of the doubled time and all of it: never at once.</summary>
    public TimeSpan DelayAfter(int attempt, Random random)
    {
        var doubled = First.Ticks * Math.Pow(2, Math.Min(attempt - 1, MaxDoublings));
        var longest = Math.Min(doubled, Max.Ticks);
        return TimeSpan.FromTicks((long)(longest * (0.5 + (random.NextDouble() / 2))));
    }
}
