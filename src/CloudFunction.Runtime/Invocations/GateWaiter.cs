using System.Threading.Tasks.Sources;

namespace CloudFunction.Runtime.Invocations;

/// <summary>One call that waits at a gate. It ends once: let in (null), or with a rejection.</summary>
internal sealed class GateWaiter(long deadline) : IValueTaskSource<Rejection?>
{
    private ManualResetValueTaskSourceCore<Rejection?> _core = new() { RunContinuationsAsynchronously = true };
    private int _ended;

    /// <summary>A timestamp of the process's time provider.</summary>
    public long Deadline { get; } = deadline;

    /// <summary>Whether it has ended, perhaps while it still stands in the queue.</summary>
    public bool Ended => Volatile.Read(ref _ended) != 0;

    public ValueTask<Rejection?> Task => new(this, _core.Version);

    /// <summary>Ends the wait. Its continuation runs on the thread pool.</summary>
    /// <returns>False where it had ended before.</returns>
    public bool TryEnd(Rejection? rejection)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return false;
        }

        _core.SetResult(rejection);
        return true;
    }

    public bool TryCancel(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            return false;
        }

        _core.SetException(new OperationCanceledException(cancellationToken));
        return true;
    }

    public Rejection? GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
