using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Tasks.Storage;

/// <summary>
/// The Idempotency-Keys of calls that run, in memory: one host at a time has the store's file, and what it runs ends with it. They are added by the
/// writer's thread alone, among the changes that could give a key another meaning. Thread safe.
/// </summary>
internal sealed class ReservedKeys
{
    private readonly ConcurrentDictionary<string, ReservedKey> _keys = new(StringComparer.Ordinal);

    /// <summary>The reservation of a key; null where there is none.</summary>
    public ReservedKey? Find(IdempotencyKey key) => _keys.GetValueOrDefault(key.Name);

    /// <summary>The reservation of a key by an owner; null where there is none.</summary>
    public ReservedKey? Find(IdempotencyKey key, Guid owner) => Find(key) is { } reserved && reserved.Owner == owner ? reserved : null;

    /// <summary>Adds a reservation of a key that has none, or has this one.</summary>
    public void Add(ReservedKey reserved) => _keys.TryAdd(reserved.Key.Name, reserved);

    /// <summary>Ends a reservation.</summary>
    public void End(ReservedKey reserved, bool isLost = false)
    {
        _keys.TryRemove(KeyValuePair.Create(reserved.Key.Name, reserved));
        reserved.End(isLost);
    }

    /// <summary>Ends those of an owner that was lost.</summary>
    public void EndOf(Guid owner)
    {
        foreach (var reserved in _keys.Values.Where(reserved => reserved.Owner == owner))
        {
            End(reserved, isLost: true);
        }
    }
}
