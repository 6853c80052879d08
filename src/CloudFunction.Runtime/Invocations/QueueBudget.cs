namespace CloudFunction.Runtime.Invocations;

/// <summary>How many calls of a project may wait, at whichever of its gates.</summary>
/// <param name="max">MAX_QUEUE.</param>
internal sealed class QueueBudget(int max)
{
    private int _waiting;

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>The limit.</summary>
    public int Max => max;

    /// <summary>Takes a place in the queue, where there is one.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _waiting) <= max)
        {
            return true;
        }

        Interlocked.Decrement(ref _waiting);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Release() => Interlocked.Decrement(ref _waiting);
}
