namespace CloudFunction.Runtime.Tasks.Dispatch;

/// <summary>A task that this host runs an attempt at.</summary>
internal sealed class RunningTask : IDisposable
{
    private readonly CancellationTokenSource _cancelling = new();
    private volatile bool _isCancelRequested;

    /// <summary>Whether somebody has asked for it to be cancelled.</summary>
    public bool IsCancelRequested => _isCancelRequested;

    /// <summary>Fires when somebody does.</summary>
    public CancellationToken Token => _cancelling.Token;

    /// <summary>Asks for it to be cancelled.</summary>
    public void Cancel()
    {
        _isCancelRequested = true;
        Cut();
    }

    /// <summary>Ends the attempt, as a drain does: nobody has asked for the task to be cancelled.</summary>
    public void Cut()
    {
        try
        {
            _cancelling.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
    }

    public void Dispose() => _cancelling.Dispose();
}
