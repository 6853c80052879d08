using System.Buffers;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>Unpacks zip archives from strangers. An archive is taken whole or not at all, and nothing is ever written outside of
/// the destination.</summary>
internal static class ArchiveExtractor
{
    // Large enough that the calls to the system do not count.
    private const int BufferBytes = 128 << 10;

    /// <summary>
    /// Unpacks an archive: ordinary files and folders, of which only the owner's right to execute is kept. Where all of it lies in one
    /// folder and nothing beside it, that folder becomes the destination; what macOS adds (<c>__MACOSX</c>, <c>.DS_Store</c>) is left out.
    /// </summary>
    /// <param name="archive">Can be sought in; read only.</param>
    /// <param name="destination">An empty folder, or none yet. Empty again where this fails.</param>
    /// <param name="limits">How much it may hold.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProjectException">The archive is refused; <see cref="ProjectException.Field"/> is the entry, where it is
    /// one's fault.</exception>
    /// <exception cref="IOException">The disk is full or fails, or the destination is not empty, which then stays as it is.</exception>
    public static async Task ExtractAsync(Stream archive, string destination, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        HostDirectory.Create(destination);
        if (Directory.EnumerateFileSystemEntries(destination).Any())
        {
            throw new IOException($"{destination} is not empty.");
        }

        var entries = await ReadAsync(archive, limits, cancellationToken).ConfigureAwait(false);
        var isWhole = false;
        try
        {
            await WriteAsync(archive, entries, destination, cancellationToken).ConfigureAwait(false);
            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                Empty(destination);
            }
        }
    }

    private static async Task<IReadOnlyList<(ArchiveEntry Entry, string Path)>> ReadAsync(
        Stream archive, ArchiveLimits limits, CancellationToken cancellationToken)
    {
        try
        {
            var entries = await ArchiveDirectory.ReadAsync(archive, limits, cancellationToken).ConfigureAwait(false);
            ArchiveCheck.Run(entries, archive.Length, limits);
            return ArchiveRoot.Strip(entries);
        }
        catch (EndOfStreamException exception)
        {
            throw ArchiveRefusal.Of("is an archive that is cut short: send the whole of it.", exception);
        }
    }

    private static async Task WriteAsync(
        Stream archive, IReadOnlyList<(ArchiveEntry Entry, string Path)> entries, string destination, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            foreach (var (entry, path) in entries)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var target = Path.Combine([destination, .. path.Split('/')]);
                if (entry.IsFolder)
                {
                    HostDirectory.Create(target);
                    continue;
                }

                HostDirectory.Create(Path.GetDirectoryName(target)!);
                using var output = Create(target, entry.IsExecutable);
                await EntryReader.CopyAsync(archive, entry, output, buffer, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static FileStream Create(string path, bool isExecutable)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
        {
            var isSecret = Path.GetFileName(path) == DotEnvFile.FileName;
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite
                | (isSecret ? UnixFileMode.None : UnixFileMode.GroupRead | UnixFileMode.OtherRead)
                | (isExecutable ? UnixFileMode.UserExecute : UnixFileMode.None);
        }

        return new FileStream(path, options);
    }

    private static void Empty(string directory)
    {
        foreach (var folder in Directory.EnumerateDirectories(directory))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(directory))
        {
            File.Delete(file);
        }
    }
}
