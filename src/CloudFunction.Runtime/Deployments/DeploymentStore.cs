using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

/// <summary>
/// The staged deployments of all projects: <c>deployments/&lt;project&gt;/&lt;version&gt;/</c> with <c>&lt;version&gt;.json</c> beside it, and
/// <c>active.json</c>; beside the manifest also what a process of its own is started with, where the version needs that (<see cref="LaunchFiles"/>).
/// A version exists once its manifest does. Reads may run at any time; one writer per project.
/// </summary>
/// <param name="root">DEPLOYMENTS_DIR; made where it is missing.</param>
/// <param name="logger">Hears of what is passed over and removed.</param>
internal sealed partial class DeploymentStore(string root, ILogger<DeploymentStore> logger)
{
    private const string ActiveFile = "active.json";
    private const string TemporaryPrefix = ".staging-";
    private const string RemovedPrefix = ".removed-";

    /// <summary>The versions that can be run, lowest first. A corrupt one is passed over and logged.</summary>
    public IReadOnlyList<Deployment> List(string project) =>
        [.. ListVersions(project).Select(version => Find(project, version)).OfType<Deployment>()];

    /// <summary>One version, or null where there is none that can be run.</summary>
    public Deployment? Find(string project, int version)
    {
        if (ReadJson(project, ManifestPath(project, version), DeploymentJson.Default.DeploymentManifest) is not { } manifest)
        {
            return null;
        }

        var directory = VersionPath(project, version);
        if (manifest.Version == version && Directory.Exists(directory))
        {
            return new Deployment(project, version, directory, manifest);
        }

        LogFilesMissing(project, version);
        return null;
    }

    /// <summary>Whether anything is kept of a project.</summary>
    public bool HasAny(string project) => Directory.Exists(ProjectPath(project));

    /// <summary>The version with the highest number, or null.</summary>
    public Deployment? FindNewest(string project) =>
        Enumerable.Reverse(ListVersions(project)).Select(version => Find(project, version)).FirstOrDefault(deployment => deployment is not null);

    /// <summary>The version that serves, or null where none does or its files are gone.</summary>
    public Deployment? FindActive(string project) =>
        ReadActive(project).Version is { } version ? Find(project, version) : null;

    /// <summary>What serves, how calls are divided, and what was last deployed from the project's folder.</summary>
    public ActiveDeployment ReadActive(string project) =>
        ReadJson(project, Path.Combine(ProjectPath(project), ActiveFile), DeploymentJson.Default.ActiveDeployment) ?? ActiveDeployment.None;

    /// <summary>Makes a version the one that serves; null for none. It is on disk once this returns.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="version">Which version gets most calls.</param>
    /// <param name="traffic">How calls are divided, by version; null for all to that one.</param>
    /// <param name="folder">The fingerprint of what was deployed from the project's folder; null where this was not.</param>
    /// <exception cref="IOException">The disk is full or fails; the earlier one stays.</exception>
    public void SetActive(string project, int? version, IReadOnlyDictionary<int, int>? traffic = null, string? folder = null)
    {
        var before = ReadActive(project);
        var next = before with { Version = version, Traffic = traffic, Folder = folder ?? before.Folder };
        try
        {
            WriteActive(project, next);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && next with { Folder = before.Folder } == before)
        {
            // What serves is recorded. That the folder is what was deployed is found again at the next start, by comparing.
            LogNotRecorded(exception, project, ActiveFile);
        }
    }

    /// <summary>Records what a worker found in a version, which so has been validated.</summary>
    /// <exception cref="IOException">The disk is full or fails; the record stays as it was.</exception>
    public Deployment SetFunctions(Deployment deployment, IReadOnlyList<DeployedFunction> functions) =>
        WriteManifest(deployment with { Manifest = deployment.Manifest with { Functions = functions } });

    /// <summary>Records what was found in a version's files now, where that differs: the platform beneath may have changed since it was staged.</summary>
    /// <exception cref="IOException">The disk is full or fails; the record stays as it was.</exception>
    public Deployment UpdateContents(Deployment deployment, DeploymentContents contents)
    {
        var known = deployment.Manifest.Contents;
        var isKnown = contents with { Dependencies = known.Dependencies, FrameworkOverrides = known.FrameworkOverrides } == known
            && contents.Dependencies.SequenceEqual(known.Dependencies)
            && (contents.FrameworkOverrides ?? []).SequenceEqual(known.FrameworkOverrides ?? []);
        return isKnown && LaunchFiles.Exist(deployment)
            ? deployment
            : WriteManifest(deployment with { Manifest = deployment.Manifest with { Contents = contents } });
    }

    /// <summary>Removes the oldest versions beyond a number.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="keep">KEEP_VERSIONS: how many stay.</param>
    /// <param name="inUse">Versions that still run and so stay too, as the active one does.</param>
    /// <returns>How many were removed.</returns>
    public int Trim(string project, int keep, IReadOnlyCollection<int> inUse)
    {
        var versions = ListVersions(project);
        var active = ReadActive(project);
        var removed = 0;
        foreach (var version in versions.Take(Math.Max(0, versions.Count - keep)))
        {
            if (version != active.Version && active.WeightOf(version) == 0 && !inUse.Contains(version))
            {
                Remove(project, version);
                removed++;
            }
        }

        return removed;
    }

    /// <summary>Removes one version, active or not. Its number is not given out again.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public void Remove(string project, int version)
    {
        var active = ReadActive(project);
        if (active.Version == version || active.LastVersion < version)
        {
            WriteActive(project, active with { Version = active.Version == version ? null : active.Version, LastVersion = Math.Max(active.LastVersion, version) });
        }

        File.Delete(ManifestPath(project, version));
        LaunchFiles.Delete(VersionPath(project, version));
        DeleteDirectory(VersionPath(project, version));
        LogRemoved(project, version);
    }

    /// <summary>Removes all versions of a project, and what an earlier removal could not.</summary>
    public void RemoveProject(string project)
    {
        DeleteDirectory(ProjectPath(project));
        foreach (var left in Directory.Exists(root) ? Directory.GetDirectories(root, RemovedPrefix + "*") : [])
        {
            DeleteDirectory(left);
        }
    }

    /// <summary>Removes what is kept of projects that never served and are no more: of one that was uploaded first when the host was killed.</summary>
    /// <param name="projects">Those that there are.</param>
    public void RemoveStrays(IEnumerable<string> projects)
    {
        var known = projects.ToHashSet(StringComparer.Ordinal);
        foreach (var directory in Directory.Exists(root) ? Directory.GetDirectories(root) : [])
        {
            var project = Path.GetFileName(directory);
            if (!known.Contains(project) && ReadActive(project) == ActiveDeployment.None)
            {
                DeleteDirectory(directory);
            }
        }
    }

    /// <summary>Removes what a copy that was cut short has left. Not while one runs.</summary>
    public void Sweep(string project)
    {
        if (!Directory.Exists(ProjectPath(project)))
        {
            return;
        }

        var known = ListVersions(project);
        foreach (var directory in Directory.EnumerateDirectories(ProjectPath(project)))
        {
            var name = Path.GetFileName(directory);
            if (name.StartsWith(TemporaryPrefix, StringComparison.Ordinal) || name.StartsWith(RemovedPrefix, StringComparison.Ordinal)
                || (TryParseVersion(name, out var version) && !known.Contains(version)))
            {
                LaunchFiles.Delete(directory);
                DeleteDirectory(directory);
            }
        }
    }

    /// <summary>An empty folder on the same disk, for <see cref="Add"/>.</summary>
    internal string CreateTemporaryDirectory(string project) =>
        HostDirectory.Create(Path.Combine(ProjectPath(project), TemporaryPrefix + Guid.NewGuid().ToString("N")));

    /// <summary>Makes a filled temporary folder the next version.</summary>
    internal Deployment Add(string project, string temporary, Func<int, DeploymentManifest> describe)
    {
        var active = ReadActive(project);
        var version = 1 + Math.Max(Math.Max(active.LastVersion, active.Version ?? 0), ListVersions(project).LastOrDefault());
        var directory = VersionPath(project, version);
        var manifest = describe(version);
        if (Directory.Exists(directory))
        {
            DeleteDirectory(directory); // left without a manifest, in use when it was swept
        }

        Directory.Move(temporary, directory);
        return WriteManifest(new Deployment(project, version, directory, manifest));
    }

    /// <summary>Removes a folder if it is there. What is in use on Windows stays until the next sweep.</summary>
    internal void DeleteDirectory(string directory)
    {
        try
        {
            if (!Directory.Exists(directory))
            {
                return;
            }

            // Renamed first: half a version must never look like a whole one.
            var removed = Path.Combine(Path.GetDirectoryName(directory)!, RemovedPrefix + Guid.NewGuid().ToString("N"));
            Directory.Move(directory, removed);
            Directory.Delete(removed, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(exception, directory);
        }
    }

    private List<int> ListVersions(string project)
    {
        List<int> versions = [];
        if (Directory.Exists(ProjectPath(project)))
        {
            foreach (var file in Directory.EnumerateFiles(ProjectPath(project), "*.json"))
            {
                if (TryParseVersion(Path.GetFileNameWithoutExtension(file), out var version))
                {
                    versions.Add(version);
                }
            }
        }

        versions.Sort();
        return versions;
    }

    private Deployment WriteManifest(Deployment deployment)
    {
        // Before the manifest, with which the version comes into being.
        LaunchFiles.Write(deployment);
        DurableFile.Write(
            ManifestPath(deployment.Project, deployment.Version),
            JsonSerializer.SerializeToUtf8Bytes(deployment.Manifest, DeploymentJson.Default.DeploymentManifest));
        return deployment;
    }

    private void WriteActive(string project, ActiveDeployment active)
    {
        // A start that changes nothing writes nothing: it goes on where the disk is full.
        var (path, content) = (Path.Combine(ProjectPath(project), ActiveFile), JsonSerializer.SerializeToUtf8Bytes(active, DeploymentJson.Default.ActiveDeployment));
        if (!File.Exists(path) || !File.ReadAllBytes(path).AsSpan().SequenceEqual(content))
        {
            HostDirectory.Create(ProjectPath(project));
            DurableFile.Write(path, content);
        }
    }

    private T? ReadJson<T>(string project, string path, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
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

    private string VersionPath(string project, int version) => Path.Combine(ProjectPath(project), version.ToString(CultureInfo.InvariantCulture));

    private string ManifestPath(string project, int version) => VersionPath(project, version) + ".json";

    private static bool TryParseVersion(string name, out int version) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version > 0
        && name == version.ToString(CultureInfo.InvariantCulture);
}
