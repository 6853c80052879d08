using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Invocations;

/// <summary>Invocations that wait to be used again. Thread safe.</summary>
internal sealed class InvocationPool
{
    private const int MaxKept = 1024; // As many as run at once on a busy host; each takes about 400 bytes.

    private readonly ConcurrentQueue<Invocation> _kept = new();
    private int _count;

    /// <summary>One that is nobody's.</summary>
    public Invocation Rent()
    {
        if (_kept.TryDequeue(out var invocation))
        {
            Interlocked.Decrement(ref _count);
            return invocation;
        }

        return new Invocation(this);
    }

    /// <summary>Takes one back.</summary>
    public void Return(Invocation invocation)
    {
        if (Interlocked.Increment(ref _count) <= MaxKept)
        {
            _kept.Enqueue(invocation);
        }
        else
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
