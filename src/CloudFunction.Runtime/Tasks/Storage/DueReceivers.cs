namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// The receivers of one project's callbacks. Those with something due are kept in turn, so that the next one is found without a search: past
/// those that are full, which are no more than callbacks are claimed. Guarded by the lock of <see cref="DueCallbacks"/>.
/// </summary>
internal sealed class DueReceivers(string project)
{
    private readonly Dictionary<string, DueReceiver> _receivers = new(StringComparer.OrdinalIgnoreCase);
    private readonly SortedSet<DueReceiver> _answering = [];
    private readonly SortedSet<DueReceiver> _failing = [];

    public string Project { get; } = project;

    public bool IsEmpty => _receivers.Count == 0;

    /// <summary>How many callbacks are claimed.</summary>
    public int Claimed { get; private set; }

    /// <summary>How many of them were claimed when their receivers were failing.</summary>
    public int ClaimedOfFailing { get; private set; }

    /// <summary>The receiver of one more callback, made where it is missing.</summary>
    public DueReceiver Add(string host)
    {
        if (!_receivers.TryGetValue(host, out var receiver))
        {
            _receivers.Add(host, receiver = new DueReceiver(this, host));
        }

        receiver.Count++;
        return receiver;
    }

    /// <summary>A callback is due.</summary>
    public void MakeReady(DueCallback callback)
    {
        var receiver = callback.Receiver;
        Unlist(receiver);
        receiver.Ready.Enqueue(callback, callback.Turn);
        List(receiver);
    }

    /// <summary>The receiver whose turn it is; null where none with something due may have more claimed.</summary>
    /// <param name="maxPerHost">How many of one receiver may be claimed; of one that fails, one.</param>
    /// <param name="withFailing">Whether it may be one that fails.</param>
    public DueReceiver? Next(int maxPerHost, bool withFailing)
    {
        var answering = _answering.FirstOrDefault(receiver => receiver.Claimed < maxPerHost);
        var failing = withFailing ? _failing.FirstOrDefault(receiver => receiver.Claimed == 0) : null;
        return answering is null || failing is null ? answering ?? failing

            // One of them at a time takes its turn like any other, else a busy project would never try again those that failed.
            : ClaimedOfFailing == 0 && failing.CompareTo(answering) < 0 ? failing : answering;
    }

    /// <summary>Claims what comes first.</summary>
    public DueCallback Claim(DueReceiver receiver)
    {
        Unlist(receiver);
        var callback = receiver.Ready.Dequeue();
        List(receiver);
        callback.IsAmongFailing = receiver.IsFailing;
        Count(callback, 1);
        return callback;
    }

    /// <summary>Ends a claim: the callback is <see cref="MakeReady"/> next, or its receiver gets <see cref="Remove"/>.</summary>
    public void EndClaim(DueCallback callback) => Count(callback, -1);

    /// <summary>A callback waits no more.</summary>
    public void Remove(DueReceiver receiver)
    {
        if (--receiver.Count == 0)
        {
            _receivers.Remove(receiver.Host);
        }
    }

    /// <summary>A try of the receiver has ended.</summary>
    public void Mark(DueReceiver receiver, bool isFailing)
    {
        if (receiver.IsFailing != isFailing)
        {
            Unlist(receiver);
            receiver.IsFailing = isFailing;
            List(receiver);
        }
    }

    private void Count(DueCallback callback, int claims)
    {
        Claimed += claims;
        callback.Receiver.Claimed += claims;
        ClaimedOfFailing += callback.IsAmongFailing ? claims : 0;
    }

    // Ordered by what changes: whatever changes it takes the receiver out before and puts it back after.
    private void Unlist(DueReceiver receiver)
    {
        if (receiver.Ready.Count > 0)
        {
            ListOf(receiver).Remove(receiver);
        }
    }

    private void List(DueReceiver receiver)
    {
        if (receiver.Ready.Count > 0)
        {
            ListOf(receiver).Add(receiver);
        }
    }

    private SortedSet<DueReceiver> ListOf(DueReceiver receiver) => receiver.IsFailing ? _failing : _answering;
}
