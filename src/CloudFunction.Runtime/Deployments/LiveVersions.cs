namespace CloudFunction.Runtime.Deployments;

/// <summary>Which versions of a project are live: they serve, or will once it is started.</summary>
/// <param name="Version">The one that gets most calls; null for none.</param>
/// <param name="Traffic">How calls are divided, by version, that one among them; null where all go to it.</param>
/// <param name="Folder">The fingerprint of what was last deployed from the project's folder, whether that is live still or not; null where nothing
/// was.</param>
internal sealed record LiveVersions(int? Version, IReadOnlyDictionary<int, int>? Traffic = null, string? Folder = null)
{
    /// <summary>No version is live and none is known to have been.</summary>
    public static LiveVersions None { get; } = new((int?)null);

    /// <summary>All versions that get calls, the one that gets most first.</summary>
    public IEnumerable<int> All => Traffic is null
        ? Version is { } one ? [one] : []
        : Traffic.Keys.OrderByDescending(version => version == Version).ThenByDescending(WeightOf);

    /// <summary>The part of the calls that a version gets; 0 for none.</summary>
    public int WeightOf(int version) => Traffic is null ? (version == Version ? 100 : 0) : Traffic.GetValueOrDefault(version);

    /// <summary>The same without one version; the others get its calls.</summary>
    public LiveVersions Without(int version)
    {
        if (WeightOf(version) == 0 && version != Version)
        {
            return this;
        }

        var left = All.Where(each => each != version).ToArray();
        return this with
        {
            Version = left.Length > 0 ? left[0] : null,
            Traffic = left.Length > 1 ? left.ToDictionary(each => each, WeightOf) : null,
        };
    }

    /// <inheritdoc/>
    public bool Equals(LiveVersions? other) =>
        other is not null && Version == other.Version && Folder == other.Folder && All.SequenceEqual(other.All)
        && All.All(version => WeightOf(version) == other.WeightOf(version));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, Folder);
}
