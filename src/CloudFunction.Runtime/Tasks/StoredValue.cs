using System.Buffers;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Bytes that are stored: a small value in memory, a large one in a file that is read in pieces. Thread safe.</summary>
internal sealed class StoredValue
{
    /// <summary>No bytes.</summary>
    public static readonly StoredValue Empty = new(ReadOnlyMemory<byte>.Empty);

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly string? _path;

    /// <param name="memory">All of it.</param>
    public StoredValue(ReadOnlyMemory<byte> memory)
    {
        _memory = memory;
        Length = memory.Length;
    }

    /// <param name="path">Its file.</param>
    /// <param name="length">How long it was when it was stored.</param>
    public StoredValue(string path, long length)
    {
        _path = path;
        Length = length;
    }

    /// <summary>How many bytes it has.</summary>
    public long Length { get; }

    /// <summary>Whether it has none.</summary>
    public bool IsEmpty => Length == 0;

    /// <summary>All of it where it is in memory; null where it is in a file.</summary>
    public ReadOnlyMemory<byte>? Memory => _path is null ? _memory : default(ReadOnlyMemory<byte>?); // A plain null would be empty memory.

    public static implicit operator StoredValue(byte[] bytes) => new(bytes);

    public static implicit operator StoredValue(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>Opens it. Once open it can be read to its end, whatever is deleted meanwhile.</summary>
    /// <exception cref="StoredValueGoneException">It was deleted since it was found, or is not what was stored.</exception>
    public ValueReader Open()
    {
        if (_path is null)
        {
            return new ValueReader(_memory);
        }

        try
        {
            // Deleting goes on beside it, on Windows too.
            var file = new FileStream(_path, new FileStreamOptions
            {
                Access = FileAccess.Read,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            });
            if (file.Length == Length)
            {
                return new ValueReader(file);
            }

            file.Dispose();
            throw new StoredValueGoneException($"The task store's file '{_path}' is not as long as what was stored there. Put a backup of the task store and its blobs in their place.");
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StoredValueGoneException($"The task store's file '{_path}' is gone.", exception);
        }
    }

    /// <summary>All of it, of a value that is known to be small enough.</summary>
    /// <exception cref="StoredValueGoneException">It was deleted since it was found, or is not what was stored.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAllAsync(CancellationToken cancellationToken)
    {
        if (Memory is { } memory)
        {
            return memory;
        }

        using var reader = Open();
        var whole = new ArrayBufferWriter<byte>((int)Length);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } piece)
        {
            whole.Write(piece.Span);
        }

        return whole.WrittenMemory;
    }
}
