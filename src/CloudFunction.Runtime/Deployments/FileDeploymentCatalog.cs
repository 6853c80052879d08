using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CloudFunction.Protocol;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Keeps the catalog in small files beside the versions themselves: <c>deployments/&lt;project&gt;/&lt;version&gt;.json</c> is a version's
/// manifest, and <c>active.json</c> has what is live. A version exists once its manifest does.</summary>
/// <param name="root">DEPLOYMENTS_DIR; made where it is missing.</param>
/// <param name="logger">Where to log files that cannot be read.</param>
internal sealed partial class FileDeploymentCatalog(string root, ILogger<FileDeploymentCatalog> logger) : IDeploymentCatalog
{
    private const string ActiveFile = "active.json";

    private readonly Lock _reserving = new();
    private readonly Dictionary<string, int> _reserved = new(StringComparer.Ordinal);

    public Task<IReadOnlyCollection<string>> ListProjectsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyCollection<string>>(
        !Directory.Exists(root) ? []
        : [
            .. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Where(name => NameRule.IsValid(name))
                .Where(name => File.Exists(ActivePath(name)) || ListVersions(name).Count > 0),
        ]);

    public Task<IReadOnlyList<int>> ListVersionsAsync(string project, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<int>>(ListVersions(project));

    public Task<DeploymentManifest?> FindAsync(string project, int version, CancellationToken cancellationToken) => Task.FromResult(
        ReadJson(project, ManifestPath(project, version), DeploymentJson.Default.DeploymentManifest) is { } manifest && manifest.Version == version
            ? manifest
            : null);

    public Task<int> ReserveVersionAsync(string project, CancellationToken cancellationToken)
    {
        var active = ReadActive(project);
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
        WriteActive(project, live, ReadActive(project).LastVersion);
        return Task.CompletedTask;
    }

    // First what makes the project one that has served: what is left where this is cut short is a stray one's.
    public Task RemoveProjectAsync(string project, CancellationToken cancellationToken)
    {
        if (Directory.Exists(ProjectPath(project)))
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
        if (Directory.Exists(ProjectPath(project)))
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

    private ActiveDeployment ReadActive(string project) =>
        ReadJson(project, ActivePath(project), DeploymentJson.Default.ActiveDeployment) ?? new ActiveDeployment(null, 0);

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

    private T? ReadJson<T>(string project, string path, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), type);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is JsonException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(exception, project, path);
            return null;
        }
    }

    private string ProjectPath(string project) => Path.Combine(root, project);

    private string ActivePath(string project) => Path.Combine(ProjectPath(project), ActiveFile);

    private string ManifestPath(string project, int version) =>
        Path.Combine(ProjectPath(project), version.ToString(CultureInfo.InvariantCulture) + ".json");
}
