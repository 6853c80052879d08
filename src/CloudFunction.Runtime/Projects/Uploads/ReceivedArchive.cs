using System.Buffers;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Projects.Uploads;

/// <summary>An upload as a temporary file, which goes with it.</summary>
internal sealed class ReceivedArchive : IDisposable
{
    private const string Prefix = "upload-";
    private const string Suffix = ".zip.tmp";
    private const int BufferBytes = 128 << 10;

    private readonly string _path;

    private ReceivedArchive(string path) => _path = path;

    /// <summary>Where uploads are stored: a folder below DATA_DIR.</summary>
    public static string DirectoryOf(CloudFunctionOptions options) => Path.Combine(options.DataDirectory, "uploads");

    /// <summary>Stores what comes.</summary>
    /// <param name="body">Read to its end, or until it has too many bytes.</param>
    /// <param name="directory">Where the file is made; made where it is missing.</param>
    /// <param name="maxBytes">MAX_UPLOAD_BYTES.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="ProjectException">It is too large; nothing of it is kept.</exception>
    /// <exception cref="IOException">It cannot be read to its end, or the disk is full; nothing of it is kept.</exception>
    public static async Task<ReceivedArchive> ReceiveAsync(Stream body, string directory, long maxBytes, CancellationToken cancellationToken)
    {
        HostDirectory.Create(directory);
        var archive = new ReceivedArchive(Path.Combine(directory, Prefix + Guid.NewGuid().ToString("N") + Suffix));
        var isWhole = false;
        try
        {
            await archive.CopyAsync(body, maxBytes, cancellationToken).ConfigureAwait(false);
            isWhole = true;
            return archive;
        }
        finally
        {
            if (!isWhole)
            {
                archive.Dispose();
            }
        }
    }

    /// <summary>Removes what an earlier host has left. Only while nothing is received there.</summary>
    public static void Sweep(string directory)
    {
        foreach (var file in Directory.Exists(directory) ? Directory.GetFiles(directory, Prefix + "*" + Suffix) : [])
        {
            Delete(file);
        }
    }

    /// <summary>A stream over all of it, at its beginning; to be disposed of before this.</summary>
    public Stream Open() => new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferBytes, useAsync: true);

    public void Dispose() => Delete(_path);

    private async Task CopyAsync(Stream body, long maxBytes, CancellationToken cancellationToken)
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
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // There may be a .env in it.
        }

        using var file = new FileStream(_path, options);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            long length = 0;
            int read;
            while ((read = await body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                length += read;
                if (length > maxBytes)
                {
                    throw new ProjectException(
                        ProjectErrorCode.TooLarge,
                        $"The upload has more than {maxBytes} bytes: leave out what is not needed to run, or raise MAX_UPLOAD_BYTES.");
                }

                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody has it open, such as a virus scanner: the next start's sweep takes it.
        }
    }
}
