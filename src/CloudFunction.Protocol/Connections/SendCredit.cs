namespace CloudFunction.Protocol.Connections;

/// <summary>How many bytes the peer has room for, on a stream or on the connection. Thread safe.</summary>
/// <param name="window">The credit to begin with, in bytes.</param>
internal sealed class SendCredit(int window)
{
    // What a peer may grant beyond the window is a bug of the peer; the bound keeps the sum from overflowing.
    private const int MaxAvailable = 1 << 30;

    private readonly Lock _lock = new();
    private int _available = window;
    private TaskCompletionSource? _changed;
    private bool _ended;

    /// <summary>Takes between 1 and <paramref name="wanted"/> bytes of credit, or 0 where there is none.</summary>
    public int TakeUpTo(int wanted)
    {
        lock (_lock)
        {
            var taken = Math.Min(wanted, _available);
            _available -= taken;
            return taken;
        }
    }

    /// <summary>Takes exactly <paramref name="wanted"/> bytes of credit, or none.</summary>
    public bool TryTake(int wanted)
    {
        lock (_lock)
        {
            if (_available < wanted)
            {
                return false;
            }

            _available -= wanted;
            return true;
        }
    }

    /// <summary>Adds credit: what the peer granted, or what was taken and not used.</summary>
    /// <exception cref="ProtocolException">The peer grants more than any window.</exception>
    public void Grant(int bytes)
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            if (bytes < 0 || _available > MaxAvailable - bytes)
            {
                throw new ProtocolException($"{bytes} bytes of credit on top of {_available} are more than any window allows.");
            }

            _available += bytes;
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetResult();
    }

    /// <summary>Waits until there may be so much credit. Returns at once where there is.</summary>
    /// <param name="minimum">In bytes; at most a window.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="IOException">The stream or connection has ended.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async Task WaitAsync(int minimum, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_ended)
                {
                    throw new IOException("The connection or stream has ended.");
                }

                if (_available >= minimum)
                {
                    return;
                }

                _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Waits for <see cref="End"/>, with the same exceptions as <see cref="WaitAsync"/>; never ends well.</summary>
    public Task WaitForEndAsync(CancellationToken cancellationToken) => WaitAsync(int.MaxValue, cancellationToken); // More than there can be.

    /// <summary>No more credit will come: those who wait get an <see cref="IOException"/>.</summary>
    public void End()
    {
        TaskCompletionSource? changed;
        lock (_lock)
        {
            _ended = true;
            changed = _changed;
            _changed = null;
        }

        changed?.TrySetException(new IOException("The connection or stream has ended."));
    }
}
