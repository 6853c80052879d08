using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>The leases of those that claim something in a store that is open in this process alone. Thread safe.</summary>
internal sealed class OwnerLeases(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, long> _ends = [];
    private readonly HashSet<Guid> _ended = [];

    /// <summary>Begins or renews a lease, as every claim does.</summary>
    public void Renew(StoreOwner owner)
    {
        lock (_lock)
        {
            _ends[owner.Id] = time.After(owner.Lease);
        }
    }

    /// <summary>Renews a lease and finds those of others that are over.</summary>
    /// <param name="owner">Whose lease it is.</param>
    /// <param name="over">The owners whose leases are over, until <see cref="End"/>.</param>
    /// <returns>False where the owner's own lease was ended before.</returns>
    public bool Renew(StoreOwner owner, out List<Guid> over)
    {
        lock (_lock)
        {
            var isKept = !_ended.Remove(owner.Id);
            Renew(owner);
            var now = time.GetTimestamp();
            over = [.. _ends.Where(lease => lease.Value <= now).Select(lease => lease.Key)];
            return isKept;
        }
    }

    /// <summary>Ends a lease that is over, once its claims are.</summary>
    public void End(Guid owner)
    {
        lock (_lock)
        {
            _ends.Remove(owner);
            _ended.Add(owner);
        }
    }
}
