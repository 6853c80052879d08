using System.Globalization;
using CloudFunction.Protocol;
using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments;

/// <summary>
/// The files of staged versions on this host: <c>deployments/&lt;project&gt;/&lt;version&gt;/</c>, and beside it what a process of its own is
/// started with, where the version needs that (<see cref="LaunchFiles"/>). Which versions there are is not its concern
/// (<see cref="IDeploymentCatalog"/>). Thread safe; one writer per project.
/// </summary>
/// <param name="root">DEPLOYMENTS_DIR; made where it is missing.</param>
/// <param name="logger">Where to log what is missing and what cannot be removed.</param>
internal sealed partial class DeploymentFiles(string root, ILogger<DeploymentFiles> logger)
{
    private const string TemporaryPrefix = ".staging-";

    /// <summary>A version with where its files are; null where they are gone, which is logged.</summary>
    /// <exception cref="IOException">It cannot be found out.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public Deployment? Find(string project, DeploymentManifest manifest)
    {
        var directory = VersionPath(project, manifest.Version);
        if (DiskEntry.IsFolder(directory))
        {
            return new Deployment(project, manifest.Version, directory, manifest);
        }

        LogFilesMissing(project, manifest.Version);
        return null;
    }

    /// <summary>The names of all folders of projects; others, such as a disk's <c>lost+found</c>, are none of the host's.</summary>
    public IReadOnlyCollection<string> ListProjects() => DiskEntry.IsFolder(root)
        ? [.. Directory.EnumerateDirectories(root).Select(path => Path.GetFileName(path)).Where(name => NameRule.IsValid(name))]
        : [];

    /// <summary>Whether there is a folder of a project.</summary>
    public bool Has(string project) => DiskEntry.IsFolder(ProjectPath(project));

    /// <summary>Does nothing where the folder of a project is not there, or files in it can be removed.</summary>
    /// <exception cref="IOException">The disk is read-only or fails.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not.</exception>
    public void CheckRemovable(string project)
    {
        try
        {
            if (Has(project))
            {
                StorageProbe.Write(ProjectPath(project));
            }
        }
        catch (IOException exception) when (StorageFullException.Is(exception))
        {
            // What makes room needs none.
        }
    }

    /// <summary>An empty folder on the same disk, for <see cref="Place"/>.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    public string CreateTemporaryDirectory(string project) =>
        HostDirectory.Create(Path.Combine(ProjectPath(project), TemporaryPrefix + Guid.NewGuid().ToString("N")));

    /// <summary>Makes a filled temporary folder that of a version.</summary>
    /// <exception cref="IOException">It cannot be renamed, or the disk is full.</exception>
    public Deployment Place(string project, string temporary, DeploymentManifest manifest)
    {
        var directory = VersionPath(project, manifest.Version);
        if (Directory.Exists(directory))
        {
            Delete(directory); // Left by a copy that was cut short, and in use when it was swept.
        }

        NamedFiles.MoveFolder(temporary, directory);
        var deployment = new Deployment(project, manifest.Version, directory, manifest);
        LaunchFiles.Write(deployment);
        return deployment;
    }

    /// <summary>Removes the files of a version.</summary>
    public void Remove(string project, int version)
    {
        LaunchFiles.Delete(VersionPath(project, version));
        Delete(VersionPath(project, version));
    }

    /// <summary>Removes the folder of a project, and what an earlier removal could not.</summary>
    public void RemoveProject(string project)
    {
        Delete(ProjectPath(project));
        SweepRemoved();
    }

    /// <summary>Removes what the removal of a project's folder has left that was cut short.</summary>
    public void SweepRemoved()
    {
        foreach (var left in DiscardedFolder.FindLeft(root))
        {
            Delete(left);
        }
    }

    /// <summary>Removes what a copy that was cut short has left. Not while one runs.</summary>
    /// <param name="project">Whose.</param>
    /// <param name="versions">The versions that there are.</param>
    public void Sweep(string project, IReadOnlyCollection<int> versions)
    {
        if (!DiskEntry.IsFolder(ProjectPath(project)))
        {
            return;
        }

        foreach (var directory in Directory.EnumerateDirectories(ProjectPath(project)))
        {
            var name = Path.GetFileName(directory);
            if (name.StartsWith(TemporaryPrefix, StringComparison.Ordinal) || DiscardedFolder.Is(name)
                || (TryParseVersion(name, out var version) && !versions.Contains(version)))
            {
                LaunchFiles.Delete(directory);
                Delete(directory);
            }
        }
    }

    /// <summary>Removes a folder if it is there. What is in use on Windows stays until the next sweep.</summary>
    public void Delete(string directory)
    {
        try
        {
            DiscardedFolder.Delete(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(exception, directory);
        }
    }

    /// <summary>Reads a version's number, as it is in the names of folders and files.</summary>
    public static bool TryParseVersion(string name, out int version) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out version) && version > 0
        && name == version.ToString(CultureInfo.InvariantCulture);

    private string ProjectPath(string project) => Path.Combine(root, project);

    private string VersionPath(string project, int version) => Path.Combine(ProjectPath(project), version.ToString(CultureInfo.InvariantCulture));
}
