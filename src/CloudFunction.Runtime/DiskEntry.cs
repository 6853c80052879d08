using System.Runtime.InteropServices;

namespace CloudFunction.Runtime;

/// <summary>
/// Finds out what is at a path, and keeps apart what is not there and what cannot be found out: the framework's <c>Exists</c> says no to both, so
/// that whoever goes by it takes a file without rights for one that was removed. Links are followed; nothing is opened.
/// </summary>
internal static class DiskEntry
{
    // S_IFMT and its values, the same on every Linux.
    private const int TypeMask = 0xF000;
    private const int Regular = 0x8000;
    private const int Directory = 0x4000;

    /// <summary>What is there now.</summary>
    /// <exception cref="IOException">It cannot be found out; the message names the path.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise: a folder above it may not be entered.</exception>
    public static DiskEntryKind KindOf(string path)
    {
        FileAttributes attributes;
        try
        {
            attributes = File.GetAttributes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return DiskEntryKind.Missing;
        }

        Span<byte> found = stackalloc byte[Statx.Length];
        return Statx.TryRead(path, found)
            ? (MemoryMarshal.Read<ushort>(found[Statx.ModeOffset..]) & TypeMask) switch
            {
                Regular => DiskEntryKind.File,
                Directory => DiskEntryKind.Folder,
                _ => DiskEntryKind.Special,
            }
            : attributes.HasFlag(FileAttributes.Directory) ? DiskEntryKind.Folder
            : attributes.HasFlag(FileAttributes.Device) ? DiskEntryKind.Special
            : DiskEntryKind.File;
    }

    /// <summary>Whether there is a file; false means that nothing is there.</summary>
    /// <exception cref="WrongEntryException">Something else is in its place.</exception>
    /// <exception cref="IOException">It cannot be found out; the message names the path.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool IsFile(string path) => Is(DiskEntryKind.File, path);

    /// <summary>Whether there is a folder; likewise.</summary>
    /// <exception cref="WrongEntryException">Something else is in its place.</exception>
    /// <exception cref="IOException">It cannot be found out; the message names the path.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool IsFolder(string path) => Is(DiskEntryKind.Folder, path);

    /// <summary>Does nothing where there is a folder that can be listed.</summary>
    /// <exception cref="IOException">There is none, or it cannot be listed; the message names it.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not list it.</exception>
    public static void RequireFolder(string path)
    {
        if (!IsFolder(path))
        {
            throw new DirectoryNotFoundException($"Could not find the folder '{path}'.");
        }

        _ = System.IO.Directory.EnumerateFileSystemEntries(path).Any();
    }

    private static bool Is(DiskEntryKind wanted, string path) => KindOf(path) is var found && found == wanted
        || (found != DiskEntryKind.Missing ? throw new WrongEntryException(path, found) : false);
}
