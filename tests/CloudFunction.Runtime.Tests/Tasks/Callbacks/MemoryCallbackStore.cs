using System.Threading.Channels;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

/// <summary>
/// Callbacks in memory, with what a task store would add and a restart would keep. Every claim goes over all of them and counts anew, so that it is
/// plainly what the interface asks for.
/// </summary>
internal sealed class MemoryCallbackStore(TimeProvider time) : ICallbackStore
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<ITimer> _timers = [];
    private readonly HashSet<(string Project, string Host)> _failing = [];
    private readonly LeaseClock _leases = new(time);
    private int _made;
    private long _sequence;

    /// <summary>How many settlements fail before one is stored.</summary>
    public int FailuresToCome { get; set; }

    /// <summary>Whether settling fails as no store should.</summary>
    public bool IsBroken { get; set; }

    public Callback Add(string url, string project = "shop")
    {
        lock (_lock)
        {
            var callback = new Callback($"cb-{++_made}", new TaskId(_made, 0), project, url, 0);
            _entries.Add(new Entry { Callback = callback, Receiver = (project, new Uri(url).Authority), Turn = (time.GetUtcNow(), _sequence++) });
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
            _entries.ForEach(entry => (entry.Owner, entry.IsAbandoned) = (null, false));
            _failing.Clear();
            _failing.UnionWith(_entries.Where(entry => entry.IsWaiting && entry.Callback.Tries > 0).Select(entry => entry.Receiver));
            Signal();
        }
    }

    public Task<IReadOnlyList<Callback>> ClaimDueAsync(StoreOwner owner, int max, int maxPerHost, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _leases.Touch(owner.Id, owner.Lease);
            List<Callback> claimed = [];
            while (claimed.Count < max && NextOf(maxPerHost) is { } entry)
            {
                (entry.Owner, entry.IsAmongFailing) = (owner.Id, IsFailing(entry));
                claimed.Add(entry.Callback);
            }

            return Task.FromResult<IReadOnlyList<Callback>>(claimed);
        }
    }

    public Task WaitForDueAsync(CancellationToken cancellationToken) => _due.Reader.ReadAsync(cancellationToken).AsTask();

    public Task SettleAsync(Callback callback, StoreOwner owner, CallbackSettlement settlement, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (IsBroken)
            {
                throw new InvalidOperationException("unexpected");
            }

            if (FailuresToCome-- > 0)
            {
                throw new TaskStoreException(TaskStoreFault.Full, "The disk is full.");
            }

            if (_entries.Find(e => e.Callback.Id == callback.Id && e.Owner == owner.Id) is { } entry)
            {
                entry.Callback = entry.Callback with { Tries = entry.Callback.Tries + 1 };
                (entry.Owner, entry.State, entry.Turn) = (null, settlement.State, (time.GetUtcNow() + settlement.Delay, _sequence++));
                Mark(entry.Receiver, settlement.State is CallbackState.Waiting or CallbackState.Failed);
                if (settlement.State == CallbackState.Waiting)
                {
                    _timers.Add(time.CreateTimer(_ => Signal(), null, settlement.Delay, Timeout.InfiniteTimeSpan));
                }
            }

            return Task.CompletedTask;
        }
    }

    public Task ReleaseAsync(Callback callback, StoreOwner owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _entries.Where(entry => entry.Callback.Id == callback.Id && entry.Owner == owner.Id).ToList().ForEach(entry => entry.Owner = null);
            return Task.CompletedTask;
        }
    }

    public Task<bool> RenewAsync(StoreOwner owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_leases.Renew(owner.Id, owner.Lease, lost =>
            {
                _entries.Where(entry => entry.Owner == lost).ToList().ForEach(entry => entry.Owner = null);
                Signal();
            }));
        }
    }

    public Task AbandonAsync(Callback callback, StoreOwner owner, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_entries.Find(e => e.Callback.Id == callback.Id && e.Owner == owner.Id) is { } entry)
            {
                (entry.Owner, entry.IsAbandoned) = (null, true);
                Mark(entry.Receiver, isFailing: true);
            }

            return Task.CompletedTask;
        }
    }

    public CallbackCounts Count()
    {
        lock (_lock)
        {
            return new CallbackCounts(Of(CallbackState.Waiting), Of(CallbackState.Delivered), Of(CallbackState.Gone), Of(CallbackState.Failed));
        }

        long Of(CallbackState state) => _entries.Count(entry => entry.State == state);
    }

    private Entry? NextOf(int maxPerHost)
    {
        var claimed = _entries.Where(entry => entry.IsClaimed).ToList();
        var failing = claimed.Where(entry => entry.IsAmongFailing).ToList();
        var byReceiver = claimed.ToLookup(entry => entry.Receiver);
        var now = time.GetUtcNow();
        return _entries
            .Where(entry => entry.IsWaiting && !entry.IsClaimed && entry.Turn.Due <= now)
            .Where(entry => byReceiver[entry.Receiver].Count() < (IsFailing(entry) ? 1 : maxPerHost))
            .Where(entry => HasPlace(entry, claimed, CallbackQueue.MaxRunning))
            .Where(entry => !IsFailing(entry) || HasPlace(entry, failing, CallbackQueue.MaxRunning / 2))
            .GroupBy(entry => entry.Callback.Project)
            .Select(project => project.MinBy(entry => (IsFailing(entry) && CountOf(entry, failing) > 0, entry.Turn))!)
            .MinBy(entry => (CountOf(entry, claimed), entry.Turn));
    }

    private static bool HasPlace(Entry entry, List<Entry> taken, int places) =>
        taken.Count < places && CountOf(entry, taken) is var before && (before == 0 || before + 1 <= places - taken.Count - 1);

    private static int CountOf(Entry entry, List<Entry> taken) => taken.Count(other => other.Callback.Project == entry.Callback.Project);

    private bool IsFailing(Entry entry) => _failing.Contains(entry.Receiver);

    private void Mark((string Project, string Host) receiver, bool isFailing)
    {
        // Forgotten with the last callback.
        if (isFailing && _entries.Exists(entry => entry.IsWaiting && entry.Receiver == receiver))
        {
            _failing.Add(receiver);
        }
        else
        {
            _failing.Remove(receiver);
        }
    }

    private void Signal() => _due.Writer.TryWrite(true);

    private sealed class Entry
    {
        public required Callback Callback { get; set; }

        public required (DateTimeOffset Due, long Sequence) Turn { get; set; }

        public Guid? Owner { get; set; }

        public bool IsClaimed => Owner is not null;

        public CallbackState State { get; set; }

        public bool IsAmongFailing { get; set; }

        public bool IsAbandoned { get; set; }

        public bool IsWaiting => State == CallbackState.Waiting && !IsAbandoned;

        public required (string Project, string Host) Receiver { get; init; }
    }
}
