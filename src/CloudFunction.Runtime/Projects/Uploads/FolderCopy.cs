using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Copies folders as they are.</summary>
internal static class FolderCopy
{
    private static readonly EnumerationOptions Everything = new() { IgnoreInaccessible = false, AttributesToSkip = FileAttributes.None };

    /// <summary>Copies a folder with all that is in it; links stay links, and files keep their rights.</summary>
    /// <exception cref="IOException">A file cannot be read, or the disk is full; part of the copy is there.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Copy(string source, string target)
    {
        HostDirectory.Create(target);
        foreach (var entry in new DirectoryInfo(source).EnumerateFileSystemInfos("*", Everything))
        {
            var path = Path.Combine(target, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                _ = entry is DirectoryInfo ? Directory.CreateSymbolicLink(path, link) : File.CreateSymbolicLink(path, link);
            }
            else if (entry is DirectoryInfo)
            {
                Copy(entry.FullName, path);
            }
            else if (((FileInfo)entry).Length == 0)
            {
                // Pipes, sockets and devices have no length either, and opening one could block for ever: each becomes an empty file.
                File.Create(path).Dispose();
            }
            else
            {
                NamedFiles.Copy(entry.FullName, path);
            }
        }
    }
}
