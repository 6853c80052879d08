using System.Runtime.InteropServices;

namespace CloudFunction.Runtime.Deployments;

/// <summary>Replaces small files so that a reader, and the next start after a crash or power loss, finds the old content or the new one whole.
/// A file that is replaced keeps its Unix mode. One writer per path at a time.</summary>
internal static partial class DurableFile
{
    /// <summary>Ends the name of a file that is not whole yet.</summary>
    public const string TemporarySuffix = ".tmp";

    /// <summary>Returns once the new content is on disk. A file that has it already is left as it is, which needs no room.</summary>
    /// <param name="path">The file; one that is there keeps its rights.</param>
    /// <param name="content">All of it.</param>
    /// <param name="isSecret">Whether a new file is its owner's alone to read, where the platform has such rights in files.</param>
    /// <exception cref="IOException">The disk is full or fails; the old content is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be written to.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, bool isSecret = false)
    {
        if (!Holds(path, content))
        {
            Replace(path, content, isSecret);
        }

        FlushDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>Makes renames within a folder last. Does nothing on Windows, where the file system's journal does it,
    /// nor where the folder cannot be opened: then the rename merely may be lost with the power.</summary>
    public static void FlushDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(directory, 0 /* O_RDONLY on every Unix */);
        if (descriptor >= 0)
        {
            _ = Flush(descriptor);
            _ = Close(descriptor);
        }
    }

    private static void Replace(string path, ReadOnlySpan<byte> content, bool isSecret)
    {
        var temporary = path + TemporarySuffix;
        var isWhole = false;
        try
        {
            // Without an allocation beforehand: where the disk is full, its exception would not show it.
            using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                if (!OperatingSystem.IsWindows() && (isSecret || File.Exists(path)))
                {
                    // Before there is anything to be read: what only its owner may read stays so.
                    File.SetUnixFileMode(handle, File.Exists(path) ? File.GetUnixFileMode(path) : UnixFileMode.UserRead | UnixFileMode.UserWrite);
                }

                RandomAccess.Write(handle, content, 0);
                RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                File.Delete(temporary);
            }
        }
    }

    private static bool Holds(string path, ReadOnlySpan<byte> content)
    {
        try
        {
            return new FileInfo(path) is { Exists: true, LinkTarget: null, Length: var length } && length == content.Length
                && File.ReadAllBytes(path).AsSpan().SequenceEqual(content);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // What cannot be read may still be replaced.
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
