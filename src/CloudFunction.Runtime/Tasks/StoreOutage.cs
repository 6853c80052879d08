namespace CloudFunction.Runtime.Tasks;

/// <summary>What one user of a store does while it fails: tries again every second, and logs once that it fails and once that it has worked
/// again for a while. A store whose disk is full answers what it need not write for. Thread safe.</summary>
/// <param name="time">For the pauses between tries.</param>
/// <param name="onDown">Logs that it does not, and why.</param>
/// <param name="onBack">Logs that it does again.</param>
internal sealed class StoreOutage(TimeProvider time, Action<string> onDown, Action onBack)
{
    /// <summary>How long to wait before the next try: a disk that is full or locked is soon found to work again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    // Longer than a try against a locked file takes with the wait before it.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private long? _failedAt;

    /// <summary>Has the store do something, however often that has to be tried. Fails where the store is closed.</summary>
    /// <param name="action">What to do; a failure has changed nothing.</param>
    /// <param name="cancellationToken">Ends the tries.</param>
    public async Task<T> UntilDoneAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var done = await action(cancellationToken).ConfigureAwait(false);
                Worked();
                return done;
            }
            catch (TaskStoreException error) when (error.Fault is not TaskStoreFault.Closed)
            {
                await WaitAsync(error, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc cref="UntilDoneAsync{T}"/>
    public Task UntilDoneAsync(Func<CancellationToken, Task> action, CancellationToken cancellationToken) => UntilDoneAsync(
        async token =>
        {
            await action(token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    /// <summary>It did not do what was asked; completes once that may be tried again.</summary>
    public Task WaitAsync(TaskStoreException error, CancellationToken cancellationToken)
    {
        Failed(error);
        return Task.Delay(RetryDelay, time, cancellationToken);
    }

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
