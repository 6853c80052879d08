using System.Threading.Channels;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// The callbacks that wait, by whom they are for: so that one receiver that is full is passed over, however many wait for it. Waiting is
/// measured apart from the clock, which may be set. Thread safe.
/// </summary>
internal sealed class DueCallbacks : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Receiver> _receivers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Entry> _claimed = new(StringComparer.Ordinal);
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _origin;
    private TimeSpan _nextTimer = TimeSpan.MaxValue;
    private long _sequence;

    /// <param name="time">For all waiting.</param>
    public DueCallbacks(TimeProvider time)
    {
        _time = time;
        _origin = time.GetTimestamp();
        _timer = time.CreateTimer(_ => OnTimer(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Adds one that is stored.</summary>
    public void Add(Callback callback, TimeSpan delay)
    {
        lock (_lock)
        {
            Put(new Entry(callback, Now + delay, _sequence++));
        }
    }

    /// <summary>See <see cref="ICallbackStore.ClaimDueAsync"/>.</summary>
    public IReadOnlyList<Callback> Claim(int max, int maxPerHost)
    {
        lock (_lock)
        {
            List<Callback> claimed = [];
            while (claimed.Count < max && FirstDue(maxPerHost) is { } receiver)
            {
                var entry = receiver.Waiting.Min!;
                receiver.Waiting.Remove(entry);
                receiver.Claimed++;
                _claimed[entry.Callback.Id] = entry;
                claimed.Add(entry.Callback);
            }

            return claimed;
        }
    }

    /// <summary>Ends a claim; the callback is due as before, or not at all.</summary>
    public void Return(Callback callback, bool isDue)
    {
        lock (_lock)
        {
            if (!_claimed.Remove(callback.Id, out var entry))
            {
                return;
            }

            var host = HostOf(callback);
            var receiver = _receivers[host];
            receiver.Claimed--;
            if (isDue)
            {
                Put(entry);
            }
            else if (receiver is { Claimed: 0, Waiting.Count: 0 })
            {
                _receivers.Remove(host);
            }
        }
    }

    /// <summary>See <see cref="ICallbackStore.WaitForDueAsync"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _due.Reader.ReadAsync(cancellationToken).AsTask();

    public void Dispose() => _timer.Dispose();

    private static string HostOf(Callback callback) => Uri.TryCreate(callback.Url, UriKind.Absolute, out var url) ? $"{url.IdnHost}:{url.Port}" : "";

    private void Put(Entry entry)
    {
        var host = HostOf(entry.Callback);
        if (!_receivers.TryGetValue(host, out var receiver))
        {
            _receivers[host] = receiver = new Receiver();
        }

        receiver.Waiting.Add(entry);
        Arm(entry.DueAt);
    }

    // The number of receivers is small beside that of what waits.
    private Receiver? FirstDue(int maxPerHost)
    {
        var now = Now;
        Receiver? first = null;
        foreach (var receiver in _receivers.Values)
        {
            if (receiver.Claimed < maxPerHost && receiver.Waiting.Min is { } entry && entry.DueAt <= now && (first is null || entry.CompareTo(first.Waiting.Min) < 0))
            {
                first = receiver;
            }
        }

        return first;
    }

    private void Arm(TimeSpan dueAt)
    {
        var now = Now;
        if (dueAt <= now)
        {
            _due.Writer.TryWrite(true);
        }
        else if (dueAt < _nextTimer)
        {
            _nextTimer = dueAt;
            _timer.Change(dueAt - now, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            _nextTimer = TimeSpan.MaxValue;
            _due.Writer.TryWrite(true);
            var now = Now;
            foreach (var receiver in _receivers.Values)
            {
                if (receiver.Waiting.FirstOrDefault(entry => entry.DueAt > now) is { } entry)
                {
                    Arm(entry.DueAt);
                }
            }
        }
    }

    private sealed class Receiver
    {
        public SortedSet<Entry> Waiting { get; } = [];

        public int Claimed { get; set; }
    }

    private sealed record Entry(Callback Callback, TimeSpan DueAt, long Sequence) : IComparable<Entry>
    {
        public int CompareTo(Entry? other) =>
            other is null ? 1 : DueAt != other.DueAt ? DueAt.CompareTo(other.DueAt) : Sequence.CompareTo(other.Sequence);
    }
}
