using System.Threading.Channels;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// The callbacks that wait, by project and receiver: so that a project or receiver that is full is skipped, however much waits for it. Waiting is
/// measured apart from the clock, which may be set. Thread safe.
/// </summary>
internal sealed class DueCallbacks : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, DueReceivers> _projects = new(StringComparer.Ordinal);
    private readonly PriorityQueue<DueCallback, (TimeSpan DueAt, long Sequence)> _delayed = new();
    private readonly Dictionary<string, DueCallback> _claimed = new(StringComparer.Ordinal);
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly FairPool _places;
    private readonly FairPool _placesOfFailing;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly long _origin;
    private long _sequence;

    /// <param name="places">How many may be claimed at once, of receivers that fail half as many.</param>
    /// <param name="time">For all waiting.</param>
    public DueCallbacks(int places, TimeProvider time)
    {
        _places = new FairPool(places);
        _placesOfFailing = new FairPool(places / 2);
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
            if (!_projects.TryGetValue(callback.Project, out var project))
            {
                _projects.Add(callback.Project, project = new DueReceivers(callback.Project));
            }

            var entry = new DueCallback(callback, project.Add(HostOf(callback)), (Now + delay, _sequence++));
            if (callback.Tries > 0)
            {
                project.Mark(entry.Receiver, isFailing: true); // Known before, or from an earlier host's tries.
            }

            if (delay > TimeSpan.Zero)
            {
                _delayed.Enqueue(entry, entry.Turn);
                SetTimer();
            }
            else
            {
                MakeReady(entry);
            }
        }
    }

    /// <summary>See <see cref="ICallbackStore.ClaimDueAsync"/>.</summary>
    public IReadOnlyList<Callback> Claim(Guid owner, int max, int maxPerHost)
    {
        lock (_lock)
        {
            PromoteDue();
            var turns = new PriorityQueue<DueReceiver, (int Claimed, (TimeSpan, long) Turn)>();
            foreach (var project in _projects.Values)
            {
                Enqueue(project, withFailing: true);
            }

            // Who has no place now has none later in this claim: what is free only becomes less.
            List<Callback> claimed = [];
            while (claimed.Count < max && turns.TryDequeue(out var receiver, out _))
            {
                if (TryTakePlace(receiver))
                {
                    var entry = receiver.Project.Claim(receiver);
                    entry.Owner = owner;
                    _claimed.Add(entry.Callback.Id, entry);
                    claimed.Add(entry.Callback);
                    Enqueue(receiver.Project, withFailing: true);
                }
                else if (receiver.IsFailing)
                {
                    Enqueue(receiver.Project, withFailing: false);
                }
            }

            return claimed;

            void Enqueue(DueReceivers project, bool withFailing)
            {
                if (project.Next(maxPerHost, withFailing) is { } next)
                {
                    turns.Enqueue(next, (project.Claimed, next.Turn));
                }
            }
        }
    }

    /// <summary>Whether a callback is claimed by an owner.</summary>
    public bool IsClaimed(Callback callback, Guid owner)
    {
        lock (_lock)
        {
            return _claimed.TryGetValue(callback.Id, out var entry) && entry.Owner == owner;
        }
    }

    /// <summary>Ends an owner's claim; the callback is due as before.</summary>
    public void Release(Callback callback, Guid owner)
    {
        lock (_lock)
        {
            if (EndClaim(callback, owner) is { } entry)
            {
                MakeReady(entry);
            }
        }
    }

    /// <summary>Ends all claims of an owner.</summary>
    public void ReleaseOf(Guid owner)
    {
        lock (_lock)
        {
            foreach (var entry in _claimed.Values.Where(entry => entry.Owner == owner).ToList())
            {
                Release(entry.Callback, owner);
            }
        }
    }

    /// <summary>Ends an owner's claim; the callback waits no more, unless it is added again.</summary>
    public void Settle(Callback callback, Guid owner, bool isFailing)
    {
        lock (_lock)
        {
            if (EndClaim(callback, owner) is { Receiver: var receiver })
            {
                receiver.Project.Mark(receiver, isFailing);
                receiver.Project.Remove(receiver);
                if (receiver.Project.IsEmpty)
                {
                    _projects.Remove(receiver.Project.Project);
                }
            }
        }
    }

    /// <summary>See <see cref="ICallbackStore.WaitForDueAsync"/>.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _due.Reader.ReadAsync(cancellationToken).AsTask();

    public void Dispose() => _timer.Dispose();

    private static string HostOf(Callback callback) => Uri.TryCreate(callback.Url, UriKind.Absolute, out var url) ? $"{url.IdnHost}:{url.Port}" : "";

    private bool TryTakePlace(DueReceiver receiver)
    {
        var project = receiver.Project.Project;
        if (receiver.IsFailing && !_placesOfFailing.TryTake(project, 1))
        {
            return false;
        }

        var isTaken = _places.TryTake(project, 1);
        if (!isTaken && receiver.IsFailing)
        {
            _placesOfFailing.Release(project, 1);
        }

        return isTaken;
    }

    private DueCallback? EndClaim(Callback callback, Guid owner)
    {
        if (!_claimed.TryGetValue(callback.Id, out var entry) || entry.Owner != owner)
        {
            return null;
        }

        _claimed.Remove(callback.Id);
        entry.Receiver.Project.EndClaim(entry);
        _places.Release(callback.Project, 1);
        _placesOfFailing.Release(callback.Project, entry.IsAmongFailing ? 1 : 0);
        return entry;
    }

    private void MakeReady(DueCallback entry)
    {
        entry.Receiver.Project.MakeReady(entry);
        _due.Writer.TryWrite(true);
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            PromoteDue();
            SetTimer();
        }
    }

    private void PromoteDue()
    {
        var now = Now;
        while (_delayed.TryPeek(out var entry, out var turn) && turn.DueAt <= now)
        {
            _delayed.Dequeue();
            MakeReady(entry);
        }
    }

    private void SetTimer()
    {
        if (_delayed.TryPeek(out _, out var turn))
        {
            // In whole milliseconds, as timers are, and never early.
            _timer.Change(TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling((turn.DueAt - Now).TotalMilliseconds))), Timeout.InfiniteTimeSpan);
        }
    }
}
