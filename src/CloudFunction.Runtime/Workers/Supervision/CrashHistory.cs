namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>How often a project's workers were lost lately, and so how long to wait before the next one is started.</summary>
internal sealed class CrashHistory(TimeProvider time)
{
    /// <summary>So many losses within <see cref="Window"/> and the project is unhealthy.</summary>
    public const int MaxCrashes = 10;

    /// <summary>How long a loss counts.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    private readonly Queue<long> _crashes = new();

    /// <summary>Records a loss.</summary>
    /// <returns>How long to wait before the next start; null where there were too many.</returns>
    public TimeSpan? Record()
    {
        var now = time.GetTimestamp();
        _crashes.Enqueue(now);
        while (time.GetElapsedTime(_crashes.Peek(), now) > Window)
        {
            _crashes.Dequeue();
        }

        if (_crashes.Count >= MaxCrashes)
        {
            return null;
        }

        // The first is replaced at once: most are accidents. From the second on: 100 ms, 200 ms, 400 ms …
        return _crashes.Count == 1
            ? TimeSpan.Zero
            : TimeSpan.FromTicks(Math.Min(MaxDelay.Ticks, FirstDelay.Ticks << (_crashes.Count - 2)));
    }
}
