namespace CloudFunction.Runtime.Tasks;

/// <summary>Whether the store does what one of its users wants: reported once when it stops to, and once when it has again for a while. A store whose disk is
/// full answers what it need not write for. Thread safe.</summary>
/// <param name="time">The clock.</param>
/// <param name="onDown">Logs that it does not, and why.</param>
/// <param name="onBack">Logs that it does again.</param>
internal sealed class StoreOutage(TimeProvider time, Action<string> onDown, Action onBack)
{
    // Some times as long as whoever was refused waits before it tries again.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private long? _failedAt;

    /// <summary>It did not do what was asked.</summary>
    public void Failed(TaskStoreException error)
    {
        bool isNew;
        lock (_lock)
        {
            isNew = _failedAt is null;
            _failedAt = time.GetTimestamp();
        }

        if (isNew)
        {
            onDown(error.Message);
        }
    }

    /// <summary>It did.</summary>
    public void Worked()
    {
        lock (_lock)
        {
            if (_failedAt is not { } since || time.GetElapsedTime(since) < Calm)
            {
                return;
            }

            _failedAt = null;
        }

        onBack();
    }
}
