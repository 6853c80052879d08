using System.Buffers;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Reads a stored value in pieces of at most 64 KB, as often as is wanted. For one reader.</summary>
internal sealed class ValueReader : IDisposable
{
    private const int PieceBytes = 64 * 1024;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly FileStream? _file;
    private byte[]? _buffer;
    private int _at;

    public ValueReader(ReadOnlyMemory<byte> memory) => _memory = memory;

    public ValueReader(FileStream file) => _file = file;

    /// <summary>The next piece; empty at the end. Valid until the next read.</summary>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_file is null)
        {
            var piece = _memory.Slice(_at, Math.Min(PieceBytes, _memory.Length - _at));
            _at += piece.Length;
            return piece;
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(PieceBytes);
        var count = await _file.ReadAtLeastAsync(_buffer.AsMemory(0, PieceBytes), PieceBytes, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return _buffer.AsMemory(0, count);
    }

    /// <summary>Goes to a place, from which it is read next.</summary>
    public void Seek(long position)
    {
        if (_file is null)
        {
            _at = (int)position;
        }
        else
        {
            _file.Position = position;
        }
    }

    /// <summary>The file itself, of a value that is in one.</summary>
    public Stream AsStream() => _file ?? throw new InvalidOperationException("It is in memory.");

    /// <inheritdoc/>
    public void Dispose()
    {
        _file?.Dispose();
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
