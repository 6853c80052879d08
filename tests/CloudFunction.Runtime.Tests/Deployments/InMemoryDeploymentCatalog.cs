using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

/// <summary>A catalog without a disk.</summary>
internal sealed class InMemoryDeploymentCatalog : IDeploymentCatalog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Entry> _projects = [];

    /// <summary>What every change throws; null for nothing.</summary>
    public Exception? Failure { get; set; }

    /// <summary>What reading what is live throws; null for nothing. A damaged record is mended by recording it anew.</summary>
    public Exception? ReadFailure { get; set; }

    public Task<IReadOnlyCollection<string>> ListProjectsAsync(CancellationToken cancellationToken) => Read<IReadOnlyCollection<string>>(
        () => [.. _projects.Where(each => each.Value.Manifests.Count > 0 || each.Value.Live is not null).Select(each => each.Key)]);

    public Task<IReadOnlyList<int>> ListVersionsAsync(string project, CancellationToken cancellationToken) =>
        Read<IReadOnlyList<int>>(() => [.. Of(project).Manifests.Keys]);

    public Task<DeploymentManifest?> FindAsync(string project, int version, CancellationToken cancellationToken) =>
        Read(() => Of(project).Manifests.GetValueOrDefault(version));

    public Task<int> ReserveVersionAsync(string project, CancellationToken cancellationToken) => Read(() => ++Of(project).Highest);

    public Task SaveAsync(string project, DeploymentManifest manifest, CancellationToken cancellationToken) => ChangeAsync(project, entry =>
    {
        entry.Manifests[manifest.Version] = manifest;
        entry.Highest = Math.Max(entry.Highest, manifest.Version);
    });

    public Task RemoveAsync(string project, int version, CancellationToken cancellationToken) => ChangeAsync(project, entry =>
    {
        entry.Manifests.Remove(version);
        if (entry.Live is { } live && live.All.Contains(version))
        {
            // At most two are live.
            var other = live.All.Where(each => each != version).Select(each => (int?)each).SingleOrDefault();
            entry.Live = new LiveVersions(other, null, live.Folder);
        }
    });

    public Task<LiveVersions> ReadLiveAsync(string project, CancellationToken cancellationToken) =>
        ReadFailure is { } failure ? Task.FromException<LiveVersions>(failure) : Read(() => Of(project).Live ?? LiveVersions.None);

    public Task SetLiveAsync(string project, LiveVersions live, CancellationToken cancellationToken) => ChangeAsync(project, entry =>
    {
        ReadFailure = ReadFailure is DamagedRecordException ? null : ReadFailure;
        entry.Live = live with { Traffic = live.Traffic?.ToDictionary() };
        entry.Highest = Math.Max(entry.Highest, live.Version ?? 0);
    });

    public Task RemoveProjectAsync(string project, CancellationToken cancellationToken) => ChangeAsync(project, _ => _projects.Remove(project));

    private Task ChangeAsync(string project, Action<Entry> change)
    {
        lock (_lock)
        {
            if (Failure is not null)
            {
                return Task.FromException(Failure);
            }

            change(Of(project));
            return Task.CompletedTask;
        }
    }

    private Task<T> Read<T>(Func<T> read)
    {
        lock (_lock)
        {
            return Task.FromResult(read());
        }
    }

    private Entry Of(string project) => _projects.TryGetValue(project, out var entry) ? entry : _projects[project] = new Entry();

    private sealed class Entry
    {
        public SortedDictionary<int, DeploymentManifest> Manifests { get; } = [];

        public LiveVersions? Live { get; set; }

        public int Highest { get; set; }
    }
}
