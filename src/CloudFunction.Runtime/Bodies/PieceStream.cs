using System.IO.Pipelines;

namespace CloudFunction.Runtime.Bodies;

/// <summary>Reads a body or a value from its beginning, in pieces. Owns nothing.</summary>
internal sealed class PieceStream(long length, ReadPiece read) : Stream
{
    private const int PipeBytes = 64 * 1024;

    private long _position;

    /// <summary>A pipe from the beginning on.</summary>
    public static PipeReader OpenPipe(long length, ReadPiece read) =>
        PipeReader.Create(new PieceStream(length, read), new StreamPipeReaderOptions(bufferSize: PipeBytes));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await read(buffer, _position, cancellationToken).ConfigureAwait(false);
        _position += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("A body is read asynchronously alone.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
