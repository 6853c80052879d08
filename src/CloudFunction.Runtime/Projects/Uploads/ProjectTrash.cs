using System.Globalization;
using System.Text.RegularExpressions;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Keeps the folders of deleted projects below DATA_DIR, where an operator finds them again, for a while.</summary>
internal static class ProjectTrash
{
    // Of projects that tests or pipelines make and delete by the hour, the latest are those that somebody may want back.
    private const int MaxFolders = 50;

    private const string FolderName = "trash";
    private const string CopyPrefix = ".copying-";
    private const string TimeFormat = "yyyyMMdd'T'HHmmssfff";

    private static readonly TimeSpan Retention = TimeSpan.FromDays(30);

    private static readonly Regex Names = new(@"\A.+-(?<time>\d{8}T\d{9})(?:-\d+)?\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

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
        var target = FindFree(Path.Combine(trash, $"{name}-{time.GetUtcNow().ToString(TimeFormat, CultureInfo.InvariantCulture)}"));
        try
        {
            NamedFiles.MoveFolder(source, target);
        }
        catch (IOException) when (Directory.Exists(source))
        {
            // Another volume, most likely; if not, the copy's own renames fail for the same reason.
            MoveByCopy(source, target);
        }

        return target;
    }

    /// <summary>Moves it back to where it was.</summary>
    /// <exception cref="IOException">It cannot be moved; it is in the trash still.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void PutBack(string trashed, string folder)
    {
        try
        {
            NamedFiles.MoveFolder(trashed, folder);
        }
        catch (IOException) when (Directory.Exists(trashed))
        {
            MoveByCopy(trashed, folder);
        }
    }

    /// <summary>Removes what has been there for 30 days, and the oldest beyond 50; what an operator has put there stays.</summary>
    /// <param name="dataDirectory">DATA_DIR.</param>
    /// <param name="time">Which time it is.</param>
    /// <param name="onFailure">Gets what cannot be removed now, and why; the rest is removed all the same.</param>
    public static void Sweep(string dataDirectory, TimeProvider time, Action<string, Exception> onFailure)
    {
        var trash = Path.Combine(dataDirectory, FolderName);
        if (!Directory.Exists(trash))
        {
            return;
        }

        var oldest = time.GetUtcNow() - Retention;
        var folders = Directory.GetDirectories(trash)
            .Select(path => (Path: path, MovedAt: ReadTime(Path.GetFileName(path))))
            .Where(folder => folder.MovedAt is not null)
            .OrderByDescending(folder => folder.MovedAt).ThenByDescending(folder => folder.Path, StringComparer.Ordinal);
        var old = folders.Where((folder, number) => number >= MaxFolders || folder.MovedAt < oldest).Select(folder => folder.Path);
        foreach (var path in (string[])[.. DiscardedFolder.FindLeft(trash), .. old])
        {
            try
            {
                DiscardedFolder.Delete(path);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                onFailure(path, exception);
            }
        }
    }

    /// <summary>Removes copies that were cut short. Only at the start, before anything is moved.</summary>
    public static void RemoveCopies(string dataDirectory)
    {
        var trash = Path.Combine(dataDirectory, FolderName);
        foreach (var copy in Directory.Exists(trash) ? Directory.GetDirectories(trash, CopyPrefix + "*") : [])
        {
            FolderNames.TryDelete(copy);
        }
    }

    /// <summary>Does it by a copy.</summary>
    internal static void MoveByCopy(string source, string target)
    {
        var copy = Path.Combine(Path.GetDirectoryName(target)!, CopyPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            DiskEntry.RequireFolder(Path.GetDirectoryName(target)!);
            FolderCopy.Copy(source, copy);
            FlushedFolder.Flush(copy);

            // Gone by one rename, and only then removed: half of a project must never be taken for one.
            var removed = FolderNames.NewStaging(Path.GetDirectoryName(source)!);
            NamedFiles.MoveFolder(source, removed);
            try
            {
                NamedFiles.MoveFolder(copy, target);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                NamedFiles.MoveFolder(removed, source);
                throw;
            }

            FolderNames.TryDelete(removed);
        }
        finally
        {
            FolderNames.TryDelete(copy);
        }
    }

    // When a folder was moved here; null for one that an operator has put there.
    private static DateTimeOffset? ReadTime(string name) => Names.Match(name) is { Success: true } found
        && DateTimeOffset.TryParseExact(
            found.Groups["time"].Value, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

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
