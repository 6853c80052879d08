using System.IO.Enumeration;
using CloudFunction.Runtime.Deployments.Sources;

namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>Stands for a folder's content: relative names, sizes and times of last write of the files that count, in 64 bits. Cheap
/// beside reading what is in them, and blind to a file that was replaced by one of the same size and time.</summary>
internal static class FolderSignature
{
    // Of a folder that is there and cannot be listed, or changes while it is: it will have another once it can.
    private const ulong Unreadable = 1;

    // FNV-1a, 64 bits (RFC 9923, section 5).
    private const ulong Offset = 0xcbf29ce484222325;
    private const ulong Prime = 0x100000001b3;

    private static readonly EnumerationOptions Everything = new()
    {
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = false,
        RecurseSubdirectories = true,
    };

    /// <summary>The signature of a folder, or null where there is none.</summary>
    public static ulong? Read(string directory)
    {
        try
        {
            var folder = new DirectoryInfo(directory);
            var root = folder.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? folder.FullName;

            // The sum, since the order of a listing is the file system's; the real path, so that a link that leads elsewhere is a change.
            var sum = Mix(Offset, root);
            var isSource = HoldsSource(root);
            foreach (var entry in new FileSystemEnumerable<ulong>(root, (ref FileSystemEntry entry) => Read(root, ref entry), Everything)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                    (!entry.IsDirectory || IsLink(ref entry)) && Counts(root, isSource, ref entry),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry) && Counts(root, isSource, ref entry),
            })
            {
                sum += entry;
            }

            return sum;
        }
        catch (DirectoryNotFoundException)
        {
            return Directory.Exists(directory) ? Unreadable : null; // A folder below it went while it was listed, or it is not there.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable;
        }
    }

    /// <summary>The signature of one file, or null where there is none.</summary>
    public static ulong? ReadFile(string path)
    {
        try
        {
            var file = new FileInfo(path);
            return file.Exists ? Mix(Mix(Offset, file.Length), file.LastWriteTimeUtc.Ticks) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable;
        }
    }

    /// <summary>Whether a folder holds source code, rather than what was published; false where it cannot be read.</summary>
    public static bool HoldsSource(string directory)
    {
        try
        {
            return Directory.EnumerateFiles(directory).Any(static file => SourceKindFinder.IsSource(Path.GetFileName(file)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Counts(string root, bool isSource, ref FileSystemEntry entry) =>
        WatchedPath.Counts(entry.FileName, isAtTop: entry.Directory.Length <= root.Length, isSource && entry.IsDirectory);

    private static bool IsLink(ref FileSystemEntry entry) => (entry.Attributes & FileAttributes.ReparsePoint) != 0;

    private static ulong Read(string root, ref FileSystemEntry entry)
    {
        var hash = Mix(Mix(Mix(Offset, entry.Directory[Math.Min(root.Length, entry.Directory.Length)..]), "/"), entry.FileName);
        if (!IsLink(ref entry))
        {
            return Mix(Mix(hash, entry.Length), entry.LastWriteTimeUtc.UtcTicks);
        }

        // What a link leads to is what is deployed. A mounted volume changes all its files by turning one link among the folders.
        var target = entry.ToFileSystemInfo().ResolveLinkTarget(returnFinalTarget: true);
        return target is FileInfo { Exists: true } file
            ? Mix(Mix(Mix(hash, file.FullName), file.Length), file.LastWriteTimeUtc.Ticks)
            : Mix(hash, target?.FullName);
    }

    private static ulong Mix(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            hash = (hash ^ character) * Prime;
        }

        return hash;
    }

    private static ulong Mix(ulong hash, long number)
    {
        for (var shift = 0; shift < 64; shift += 8)
        {
            hash = (hash ^ (byte)(number >> shift)) * Prime;
        }

        return hash;
    }
}
