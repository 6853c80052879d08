using System.Collections.Frozen;

namespace CloudFunction.Runtime.Routing;

/// <summary>Who serves what, as one immutable snapshot that is replaced whole. Thread safe.</summary>
internal sealed class RoutingTable
{
    private FrozenDictionary<string, ProjectRoute> _current = FrozenDictionary<string, ProjectRoute>.Empty;

    /// <summary>The present snapshot, by project.</summary>
    public FrozenDictionary<string, ProjectRoute> Current => Volatile.Read(ref _current);

    /// <summary>Replaces it.</summary>
    public void Publish(IEnumerable<KeyValuePair<string, ProjectRoute>> routes) =>
        Volatile.Write(ref _current, routes.ToFrozenDictionary(StringComparer.Ordinal));
}
