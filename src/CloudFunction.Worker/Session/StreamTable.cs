using System.Collections.Concurrent;
using CloudFunction.Protocol;

namespace CloudFunction.Worker.Session;

/// <summary>The open streams of a session. Thread safe.</summary>
internal sealed class StreamTable
{
    private readonly ConcurrentDictionary<uint, RunningInvocation> _streams = new();
    private int _count;

    /// <summary>How many streams are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Opens a stream.</summary>
    /// <exception cref="ProtocolException">It is open already.</exception>
    public void Add(RunningInvocation invocation)
    {
        if (!_streams.TryAdd(invocation.StreamId, invocation))
        {
            throw new ProtocolException($"Stream {invocation.StreamId} was opened twice.");
        }

        Interlocked.Increment(ref _count);
    }

    /// <summary>The open stream of that id, or null.</summary>
    public RunningInvocation? Find(uint streamId) => _streams.GetValueOrDefault(streamId);

    /// <summary>Ends a stream; from then on its id may come again.</summary>
    /// <returns>How many are left open.</returns>
    public int Remove(RunningInvocation invocation) =>
        _streams.TryRemove(KeyValuePair.Create(invocation.StreamId, invocation)) ? Interlocked.Decrement(ref _count) : Count;

    /// <summary>All that are open now.</summary>
    public ICollection<RunningInvocation> Snapshot() => _streams.Values;
}
