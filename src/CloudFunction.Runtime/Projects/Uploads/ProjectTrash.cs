using System.Globalization;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Keeps the folders of deleted projects below DATA_DIR, where an operator finds them again.</summary>
internal static class ProjectTrash
{
    private const string FolderName = "trash";
    private const string CopyPrefix = ".copying-";

    /// <summary>Moves a project's folder away, also to another volume. It is all there or all here at any time.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="dataDirectory">DATA_DIR.</param>
    /// <param name="time">For the folder's new name.</param>
    /// <returns>Where it is now: <c>trash/&lt;name&gt;-&lt;UTC&gt;</c>, with a number behind it where there is one of that name already.</returns>
    /// <exception cref="IOException">It cannot be moved, on Windows while something in it is open; it is where it was.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static string Move(string folder, string dataDirectory, TimeProvider time)
    {
        var source = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var name = Path.GetFileName(source);

        // With the folder gone, what an earlier replacement could not remove would be put back at the next start.
        new FolderNames(Path.GetDirectoryName(source)!, name).DropReplaced();
        var trash = HostDirectory.Create(Path.Combine(dataDirectory, FolderName));
        var target = FindFree(Path.Combine(trash, $"{name}-{time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}"));
        try
        {
            Directory.Move(source, target);
        }
        catch (IOException) when (Directory.Exists(source))
        {
            // Another volume, most likely; if not, the copy's own renames fail for the same reason.
            MoveByCopy(source, target);
        }

        return target;
    }

    /// <summary>Does it by a copy.</summary>
    internal static void MoveByCopy(string source, string target)
    {
        var copy = Path.Combine(Path.GetDirectoryName(target)!, CopyPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            FolderCopy.Copy(source, copy);
            FlushedFolder.Flush(copy);

            // Gone by one rename, and only then removed: half of a project must never be taken for one.
            var removed = FolderNames.NewStaging(Path.GetDirectoryName(source)!);
            Directory.Move(source, removed);
            try
            {
                Directory.Move(copy, target);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Directory.Move(removed, source);
                throw;
            }

            FolderNames.TryDelete(removed);
        }
        finally
        {
            FolderNames.TryDelete(copy);
        }
    }

    private static string FindFree(string path)
    {
        var free = path;
        for (var number = 2; Path.Exists(free); number++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{path}-{number}");
        }

        return free;
    }
}
