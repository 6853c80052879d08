namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>The leases of a store in memory: as plain as can be, for stores that tests compare others with.</summary>
internal sealed class LeaseClock(TimeProvider time)
{
    private readonly Dictionary<Guid, DateTimeOffset> _until = [];
    private readonly HashSet<Guid> _lost = [];

    public void Touch(Guid owner, TimeSpan lease) => _until[owner] = time.GetUtcNow() + lease;

    public bool Renew(Guid owner, TimeSpan lease, Action<Guid> onLost)
    {
        var isKept = !_lost.Remove(owner);
        Touch(owner, lease);
        foreach (var other in _until.Where(other => other.Value <= time.GetUtcNow()).Select(other => other.Key).ToList())
        {
            _until.Remove(other);
            _lost.Add(other);
            onLost(other);
        }

        return isKept;
    }
}
