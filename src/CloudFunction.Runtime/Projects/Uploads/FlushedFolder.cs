using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Puts folders on disk.</summary>
internal static class FlushedFolder
{
    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };

    /// <summary>Returns once all files below a folder, and their names, would survive a loss of power.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    public static void Flush(string directory)
    {
        foreach (var entry in new DirectoryInfo(directory).EnumerateFileSystemInfos("*", Everything))
        {
            if (entry.LinkTarget is not null)
            {
                continue; // Nothing but its name, which the folder has.
            }

            if (entry is DirectoryInfo)
            {
                Flush(entry.FullName);
            }
            else
            {
                FlushFile(entry.FullName);
            }
        }

        DurableFile.FlushDirectory(directory);
    }

    private static void FlushFile(string path)
    {
        // Windows flushes only what may be written to; a file that is read-only there is one that was copied with that attribute.
        if (OperatingSystem.IsWindows() && (File.GetAttributes(path) & FileAttributes.ReadOnly) != 0)
        {
            return;
        }

        using var handle = File.OpenHandle(
            path, FileMode.Open, OperatingSystem.IsWindows() ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite);
        RandomAccess.FlushToDisk(handle);
    }
}
