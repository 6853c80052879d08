using System.Buffers;
using CloudFunction.Runtime.Bodies;

namespace CloudFunction.Runtime.Tasks;

/// <summary>Reads a stored value in pieces of at most 32 KB, as often as is wanted. For one reader.</summary>
internal sealed class ValueReader : IDisposable
{
    private const int PieceBytes = 32 * 1024;

    private readonly ReadOnlyMemory<byte> _memory;
    private readonly ReadPiece? _read;
    private byte[]? _buffer;
    private long _at;

    public ValueReader(ReadOnlyMemory<byte> memory) => _memory = memory;

    public ValueReader(ReadPiece read) => _read = read;

    /// <summary>The next piece; empty at the end. Valid until the next read.</summary>
    /// <exception cref="StoredValueGoneException">It was deleted since it was found, or is not what was stored.</exception>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        if (_read is null)
        {
            var piece = _memory.Slice((int)_at, (int)Math.Min(PieceBytes, _memory.Length - _at));
            _at += piece.Length;
            return piece;
        }

        _buffer ??= ArrayPool<byte>.Shared.Rent(PieceBytes);
        var count = await _read(_buffer.AsMemory(0, PieceBytes), _at, cancellationToken).ConfigureAwait(false);
        _at += count;
        return _buffer.AsMemory(0, count);
    }

    /// <summary>Goes to a place, from which it is read next.</summary>
    public void Seek(long position) => _at = position;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
