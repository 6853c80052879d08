using System.Buffers;
using System.Threading.Tasks.Sources;

namespace CloudFunction.Runtime.Invocations;

/// <summary>
/// The parts of a result, from the connection's reader, which adds them, to the caller, who takes one at a time. To be called with the invocation's
/// lock held, but for <see cref="Current"/>, which is the caller's, and <see cref="Notify"/>.
/// </summary>
/// <param name="invocationLock">That lock.</param>
internal sealed class ResultParts(Lock invocationLock) : IValueTaskSource
{
    private readonly Queue<ArraySegment<byte>> _waiting = new();
    private ManualResetValueTaskSourceCore<bool> _more;
    private ArraySegment<byte> _current;
    private UInt128 _id;
    private InvocationEnd? _brokenBy;
    private bool _hasLast;
    private bool _isAwaited;

    /// <summary>The part that the caller has.</summary>
    public ReadOnlyMemory<byte> Current => _current;

    /// <summary>Whether the caller has the last one. A result that broke never comes to that: reading on throws.</summary>
    public bool IsComplete => _hasLast && _brokenBy is null && _waiting.Count == 0;

    /// <summary>Takes a part in.</summary>
    public void Add(ReadOnlySpan<byte> part, bool last)
    {
        var copy = ArrayPool<byte>.Shared.Rent(Math.Max(part.Length, 1));
        part.CopyTo(copy);
        _waiting.Enqueue(new ArraySegment<byte>(copy, 0, part.Length));
        _hasLast = last;
    }

    /// <summary>No more will come.</summary>
    public void Break(UInt128 id, in InvocationEnd end) => (_id, _brokenBy) = (id, end);

    /// <summary>Gives the next part to the caller, who has none, where it has come.</summary>
    public bool TryTake() => _waiting.TryDequeue(out _current);

    /// <summary>Replaces the caller's part by the next one, waiting for it.</summary>
    /// <exception cref="InvocationBrokenException">In the task: it will not come.</exception>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public ValueTask NextAsync()
    {
        ReturnCurrent();
        if (TryTake())
        {
            return ValueTask.CompletedTask;
        }

        if (_brokenBy is not null)
        {
            return ValueTask.FromException(Broken());
        }

        if (_hasLast)
        {
            throw new InvalidOperationException("The result is complete.");
        }

        _more.Reset();
        _isAwaited = true;
        return new ValueTask(this, _more.Version);
    }

    /// <summary>Ends the caller's wait, if there is one; then <see cref="Notify"/> is to be called.</summary>
    public bool TryEndWait()
    {
        var wasAwaited = _isAwaited;
        _isAwaited = false;
        return wasAwaited;
    }

    /// <summary>Runs the continuation of the caller, who waited.</summary>
    /// <param name="inline">On this very thread; else on the thread pool.</param>
    public void Notify(bool inline)
    {
        _more.RunContinuationsAsynchronously = !inline;
        _more.SetResult(true);
    }

    /// <summary>The caller has read enough: gives all buffers back.</summary>
    public void Clear()
    {
        do
        {
            ReturnCurrent();
        }
        while (TryTake());
    }

    /// <summary>Makes it as new, once it is cleared.</summary>
    public void Reset()
    {
        _brokenBy = null;
        _hasLast = _isAwaited = false;
    }

    void IValueTaskSource.GetResult(short token)
    {
        _more.GetResult(token);
        lock (invocationLock)
        {
            if (!TryTake())
            {
                throw Broken();
            }
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => _more.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _more.OnCompleted(continuation, state, token, flags);

    private InvocationBrokenException Broken() =>
        new(_brokenBy!.Value.Outcome, _brokenBy.Value.Reason, InvocationId.Format(_id), _brokenBy.Value.Error!);

    private void ReturnCurrent()
    {
        if (_current.Array is { } array)
        {
            ArrayPool<byte>.Shared.Return(array);
            _current = default;
        }
    }
}
