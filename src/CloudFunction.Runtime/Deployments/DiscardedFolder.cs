namespace CloudFunction.Runtime.Deployments;

/// <summary>Removes folders so that half of one never passes for the whole, whenever the host is killed.</summary>
internal static class DiscardedFolder
{
    private const string Prefix = ".removed-";

    /// <summary>Whether a folder's name is that of one that was being removed.</summary>
    public static bool Is(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Removes a folder if it is there.</summary>
    /// <exception cref="IOException">It cannot be removed, on Windows while something in it is open; at most it has another name now.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Delete(string directory)
    {
        if (DiskEntry.IsFolder(directory))
        {
            var removed = Path.Combine(Path.GetDirectoryName(directory)!, Prefix + Guid.NewGuid().ToString("N"));
            NamedFiles.MoveFolder(directory, removed);
            Directory.Delete(removed, recursive: true);
        }
    }

    /// <summary>The folders in another one that were being removed and are there still.</summary>
    public static IReadOnlyList<string> FindLeft(string parent) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent, Prefix + "*") : [];
}
