using Microsoft.Win32.SafeHandles;

namespace CloudFunction.Runtime.Bodies;

/// <summary>A file with one body, written from its beginning to its end and read at any place. Disposing it deletes it, unless it was
/// moved. One writer at a time; reading what is written is possible meanwhile.</summary>
internal sealed class BodyFile : IDisposable
{
    private readonly BodyFiles _owner;
    private readonly string _project;
    private readonly SafeFileHandle _handle;
    private readonly string _path;
    private bool _isMoved;
    private bool _isDisposed;

    internal BodyFile(BodyFiles owner, string project, string path)
    {
        _owner = owner;
        _project = project;
        _path = path;
        _handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, FileOptions.Asynchronous);
    }

    /// <summary>How many bytes are written.</summary>
    public long Length { get; private set; }

    /// <summary>Writes behind what is written.</summary>
    /// <exception cref="StorageFullException">There is no room; what was written before is still there.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await RandomAccess.WriteAsync(_handle, bytes, Length, cancellationToken).ConfigureAwait(false);
            Length += bytes.Length;
        }
        catch (IOException exception) when (StorageFullException.Is(exception))
        {
            throw new StorageFullException("DATA_DIR", exception);
        }
    }

    /// <summary>Reads from a place on.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    public ValueTask<int> ReadAsync(Memory<byte> buffer, long offset, CancellationToken cancellationToken) =>
        RandomAccess.ReadAsync(_handle, buffer, offset, cancellationToken);

    /// <summary>Makes the file last under another name, on the same disk: its content is on disk then, and the rename once the folder is
    /// flushed. It is no longer deleted.</summary>
    /// <exception cref="StorageFullException">There is no room.</exception>
    /// <exception cref="IOException">It cannot be written or moved.</exception>
    public void MoveTo(string path)
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
            File.Move(_path, path);
            _isMoved = true;
        }
        catch (IOException exception) when (StorageFullException.Is(exception))
        {
            throw new StorageFullException("DATA_DIR", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        _handle.Dispose();
        try
        {
            if (!_isMoved)
            {
                File.Delete(_path);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Somebody reads it, a virus scanner perhaps: it goes with the folder at the next start.
        }
        finally
        {
            _owner.Closed(_project);
        }
    }
}
