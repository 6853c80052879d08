using CloudFunction.Protocol;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Deployments.Sources;

/// <summary>The folders of all builds, <c>builds/</c> below DATA_DIR. Each saves its project time and is of no other use.</summary>
/// <param name="dataDirectory">DATA_DIR.</param>
/// <param name="logger">Where to log what cannot be removed.</param>
internal sealed partial class BuildFolders(string dataDirectory, ILogger<BuildFolders> logger)
{
    private readonly string _root = Path.Combine(dataDirectory, "builds");

    /// <summary>Of which projects there are any. Folders with other names are none of the host's.</summary>
    public IReadOnlyCollection<string> ListProjects() => Directory.Exists(_root)
        ? [.. Directory.EnumerateDirectories(_root).Select(path => Path.GetFileName(path)).Where(name => NameRule.IsValid(name))]
        : [];

    /// <summary>Removes that of a project; not while it is built.</summary>
    public void Remove(string project) => Delete(Path.Combine(_root, project));

    /// <summary>Removes what a removal that was cut short has left.</summary>
    public void SweepRemoved()
    {
        foreach (var left in DiscardedFolder.FindLeft(_root))
        {
            Delete(left);
        }
    }

    private void Delete(string directory)
    {
        try
        {
            DiscardedFolder.Delete(directory);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            LogNotRemoved(exception, directory); // The next sweep tries again.
        }
    }
}
