using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CloudFunction.Protocol;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Keeps the catalog in small files beside the versions themselves: <c>deployments/&lt;project&gt;/&lt;version&gt;.json</c> is a version's
/// manifest, and <c>active.json</c> has what is live. A version exists once its manifest does. A file that cannot be read is never taken for one that
/// is not there.</summary>
/// <param name="root">DEPLOYMENTS_DIR; made where it is missing.</param>
/// <param name="logger">Where to log a damaged file that is replaced.</param>
internal sealed partial class FileDeploymentCatalog(string root, ILogger<FileDeploymentCatalog> logger) : IDeploymentCatalog
{
    private const string ActiveFile = "active.json";
    private const string DamagedSuffix = ".damaged";

    private readonly Lock _reserving = new();
    private readonly Dictionary<string, int> _reserved = new(StringComparer.Ordinal);

    public Task<IReadOnlyCollection<string>> ListProjectsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<string>>(
        !DiskEntry.IsFolder(root) ? []
        : [.. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Where(name => NameRule.IsValid(name)).Where(Keeps)]);

    public Task<IReadOnlyList<int>> ListVersionsAsync(string project, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<int>>(ListVersions(project));

    public Task<DeploymentManifest?> FindAsync(string project, int version, CancellationToken cancellationToken)
    {
        var path = ManifestPath(project, version);
        var manifest = ReadJson(path, DeploymentJson.Default.DeploymentManifest);
        return manifest is null || manifest.Version == version ? Task.FromResult(manifest) : throw new DamagedRecordException(path);
    }

    public Task<int> ReserveVersionAsync(string project, CancellationToken cancellationToken)
    {
        var active = ReadActiveOrWhatIsLeft(project);
        var highest = Math.Max(Math.Max(active.LastVersion, active.Version ?? 0), ListVersions(project).LastOrDefault());
        lock (_reserving)
        {
            return Task.FromResult(_reserved[project] = 1 + Math.Max(highest, _reserved.GetValueOrDefault(project)));
        }
    }

    public Task SaveAsync(string project, DeploymentManifest manifest, CancellationToken cancellationToken)
    {
        Write(project, ManifestPath(project, manifest.Version), manifest, DeploymentJson.Default.DeploymentManifest);
        return Task.CompletedTask;
    }

    public Task RemoveAsync(string project, int version, CancellationToken cancellationToken)
    {
        // What makes room needs none, unless it has to be kept that the version was live or the highest.
        var active = ReadActive(project);
        var lastVersion = version < ListVersions(project).LastOrDefault() ? active.LastVersion : Math.Max(active.LastVersion, version);
        if (lastVersion != active.LastVersion || active.Version == version || active.Live.WeightOf(version) > 0)
        {
            WriteActive(project, active.Live.Without(version), lastVersion);
        }

        File.Delete(ManifestPath(project, version));
        return Task.CompletedTask;
    }

    public Task<LiveVersions> ReadLiveAsync(string project, CancellationToken cancellationToken) => Task.FromResult(ReadActive(project).Live);

    public Task SetLiveAsync(string project, LiveVersions live, CancellationToken cancellationToken)
    {
        var before = ReadActiveOrWhatIsLeft(project);
        if (before.IsDamaged)
        {
            File.Copy(ActivePath(project), ActivePath(project) + DamagedSuffix, overwrite: true);
            LogDamagedReplaced(project, ActivePath(project) + DamagedSuffix);
        }

        WriteActive(project, live, before.LastVersion);
        return Task.CompletedTask;
    }

    // First what makes the project one that has served: what is left where this is cut short is a stray one's.
    public Task RemoveProjectAsync(string project, CancellationToken cancellationToken)
    {
        if (DiskEntry.IsFolder(ProjectPath(project)))
        {
            File.Delete(ActivePath(project));
            foreach (var version in ListVersions(project))
            {
                File.Delete(ManifestPath(project, version));
            }
        }

        lock (_reserving)
        {
            _reserved.Remove(project);
        }

        return Task.CompletedTask;
    }

    private List<int> ListVersions(string project)
    {
        List<int> versions = [];
        if (DiskEntry.IsFolder(ProjectPath(project)))
        {
            foreach (var file in Directory.EnumerateFiles(ProjectPath(project), "*.json"))
            {
                if (DeploymentFiles.TryParseVersion(Path.GetFileNameWithoutExtension(file), out var version))
                {
                    versions.Add(version);
                }
            }
        }

        versions.Sort();
        return versions;
    }

    private bool Keeps(string project)
    {
        try
        {
            return DiskEntry.IsFile(ActivePath(project)) || ListVersions(project).Count > 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return true; // Something is there.
        }
    }

    private ActiveDeployment ReadActive(string project) =>
        ReadJson(ActivePath(project), DeploymentJson.Default.ActiveDeployment) ?? new ActiveDeployment(null, 0);

    // For what is to be recorded anew. The folders show numbers whose manifests are gone, as the record did.
    private ActiveDeployment ReadActiveOrWhatIsLeft(string project)
    {
        try
        {
            return ReadActive(project);
        }
        catch (DamagedRecordException)
        {
            var folders = Directory.EnumerateDirectories(ProjectPath(project))
                .Select(path => DeploymentFiles.TryParseVersion(Path.GetFileName(path), out var version) ? version : 0);
            return new ActiveDeployment(null, folders.Concat(ListVersions(project)).DefaultIfEmpty().Max()) { IsDamaged = true };
        }
    }

    private void WriteActive(string project, LiveVersions live, int lastVersion) => Write(
        project,
        ActivePath(project),
        new ActiveDeployment(live.Version, lastVersion, live.Traffic, live.Folder),
        DeploymentJson.Default.ActiveDeployment);

    private void Write<T>(string project, string path, T value, JsonTypeInfo<T> type)
    {
        HostDirectory.Create(ProjectPath(project));
        DurableFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(value, type));
    }

    private static T? ReadJson<T>(string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return SmallFile.TryRead(path) is { } content
                ? JsonSerializer.Deserialize(content, type) ?? throw new DamagedRecordException(path)
                : null;
        }
        catch (JsonException exception)
        {
            throw new DamagedRecordException(path, exception);
        }
    }

    private string ProjectPath(string project) => Path.Combine(root, project);

    private string ActivePath(string project) => Path.Combine(ProjectPath(project), ActiveFile);

    private string ManifestPath(string project, int version) =>
        Path.Combine(ProjectPath(project), version.ToString(CultureInfo.InvariantCulture) + ".json");
}
