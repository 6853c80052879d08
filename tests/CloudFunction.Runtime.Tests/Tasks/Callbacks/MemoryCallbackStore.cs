using System.Threading.Channels;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

/// <summary>Callbacks in memory, with what a task store would add and a restart would keep.</summary>
internal sealed class MemoryCallbackStore(TimeProvider time) : ICallbackStore
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<ITimer> _timers = [];

    /// <summary>How many settlements fail before one is stored.</summary>
    public int FailuresToCome { get; set; }

    public Callback Add(string url)
    {
        lock (_lock)
        {
            var callback = new Callback($"cb-{_entries.Count + 1}", new TaskId(_entries.Count + 1, 0), "shop", url, 0);
            _entries.Add(new Entry { Callback = callback, Due = time.GetUtcNow() });
            Signal();
            return callback;
        }
    }

    /// <summary>Deletes a callback, as with its task.</summary>
    public void Delete(Callback callback)
    {
        lock (_lock)
        {
            _entries.RemoveAll(entry => entry.Callback.Id == callback.Id);
        }
    }

    /// <summary>Forgets the claims, as the end of a host does.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            _entries.ForEach(entry => entry.IsClaimed = false);
            Signal();
        }
    }

    public Task<IReadOnlyList<Callback>> ClaimDueAsync(int max, int maxPerHost, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            List<Callback> claimed = [];
            foreach (var entry in _entries.Where(e => e is { State: CallbackState.Waiting, IsClaimed: false } && e.Due <= time.GetUtcNow()).OrderBy(e => e.Due).ToList())
            {
                if (claimed.Count < max && _entries.Count(other => other.IsClaimed && other.Host == entry.Host) < maxPerHost)
                {
                    entry.IsClaimed = true;
                    claimed.Add(entry.Callback);
                }
            }

            return Task.FromResult<IReadOnlyList<Callback>>(claimed);
        }
    }

    public Task WaitForDueAsync(CancellationToken cancellationToken) => _due.Reader.ReadAsync(cancellationToken).AsTask();

    public Task SettleAsync(Callback callback, CallbackSettlement settlement, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (FailuresToCome-- > 0)
            {
                throw new TaskStoreException(TaskStoreFault.Full, "The disk is full.");
            }

            if (_entries.Find(e => e.Callback.Id == callback.Id) is { } entry)
            {
                entry.Callback = entry.Callback with { Tries = entry.Callback.Tries + 1 };
                (entry.IsClaimed, entry.State, entry.Due) = (false, settlement.State, time.GetUtcNow() + settlement.Delay);
                if (settlement.State == CallbackState.Waiting)
                {
                    _timers.Add(time.CreateTimer(_ => Signal(), null, settlement.Delay, Timeout.InfiniteTimeSpan));
                }
            }

            return Task.CompletedTask;
        }
    }

    public void Release(Callback callback)
    {
        lock (_lock)
        {
            _entries.Where(entry => entry.Callback.Id == callback.Id).ToList().ForEach(entry => entry.IsClaimed = false);
        }
    }

    public Task<CallbackCounts> CountAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(new CallbackCounts(Of(CallbackState.Waiting), Of(CallbackState.Delivered), Of(CallbackState.Gone), Of(CallbackState.Failed)));
        }

        long Of(CallbackState state) => _entries.Count(entry => entry.State == state);
    }

    private void Signal() => _due.Writer.TryWrite(true);

    private sealed class Entry
    {
        public required Callback Callback { get; set; }

        public required DateTimeOffset Due { get; set; }

        public bool IsClaimed { get; set; }

        public CallbackState State { get; set; }

        public string Host => new Uri(Callback.Url).Authority;
    }
}
