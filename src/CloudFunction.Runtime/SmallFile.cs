namespace CloudFunction.Runtime;

/// <summary>Reads the small files of operators and of the host's own stores, so that null means that there is none, and nothing else does.</summary>
internal static class SmallFile
{
    /// <summary>The content of a file; null where there is none. What is not a regular file is never opened: a pipe would block.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">How much of it is of use: of a larger one, one byte more than that is read.</param>
    /// <exception cref="WrongEntryException">Something else is in its place.</exception>
    /// <exception cref="IOException">It cannot be read; the message names it. A link that leads nowhere is one.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise: this user may not read it, or not enter a folder above it.</exception>
    public static byte[]? TryRead(string path, int maxBytes = int.MaxValue)
    {
        if (!DiskEntry.IsFile(path))
        {
            return null;
        }

        // Where the kernel is not asked for its type, what has no length may be a pipe, and has nothing to be read.
        var length = new FileInfo(path) is { LinkTarget: null } file ? file.Length : long.MaxValue;
        return length == 0 ? [] : Read(path, maxBytes);
    }

    private static byte[] Read(string path, int maxBytes)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var bytes = new byte[Math.Min(file.Length, maxBytes + 1L)];
        var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length == bytes.Length ? bytes : bytes[..length];
    }
}
