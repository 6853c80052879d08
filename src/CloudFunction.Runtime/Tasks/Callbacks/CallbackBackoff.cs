namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>How long a callback waits before it is tried again.</summary>
internal static class CallbackBackoff
{
    // The most that a receiver can ask for, so that eight tries stay within two days.
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromHours(6);

    // About a day in all: quick enough for a restart at first, long enough for somebody to come to work at last.
    private static readonly TimeSpan[] Delays =
    [
        TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30),
        TimeSpan.FromHours(2), TimeSpan.FromHours(6), TimeSpan.FromHours(15),
    ];

    /// <summary>How many tries a callback gets.</summary>
    public static int MaxTries => Delays.Length + 1;

    /// <summary>The wait after the try of this number, from 1: a fifth more or less than its set time, and no less than the
    /// receiver asked for.</summary>
    /// <returns>The wait; null where there is no further try.</returns>
    public static TimeSpan? DelayAfter(int attempt, TimeSpan? retryAfter, Random random)
    {
        if (attempt >= MaxTries)
        {
            return null;
        }

        var delay = Delays[attempt - 1] * (0.8 + (0.4 * random.NextDouble()));
        var asked = retryAfter > MaxRetryAfter ? MaxRetryAfter : retryAfter ?? TimeSpan.Zero;
        return delay > asked ? delay : asked;
    }
}
