namespace CloudFunction.Protocol.Tests.Peers;

/// <summary>One end of a connection in memory.</summary>
internal sealed class DuplexStream : Stream
{
    private readonly ByteQueue _incoming;
    private readonly ByteQueue _outgoing;

    private DuplexStream(ByteQueue incoming, ByteQueue outgoing)
    {
        _incoming = incoming;
        _outgoing = outgoing;
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Both ends; each direction takes so many bytes before it blocks.</summary>
    public static (DuplexStream Here, DuplexStream There) CreatePair(int capacity = 64 * 1024)
    {
        var (one, other) = (new ByteQueue(capacity), new ByteQueue(capacity));
        return (new DuplexStream(one, other), new DuplexStream(other, one));
    }

    public override int Read(byte[] buffer, int offset, int count) => _incoming.Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => _incoming.Read(buffer);

    public override void Write(byte[] buffer, int offset, int count) => _outgoing.Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => _outgoing.Write(buffer);

    public override void Flush()
    {
        // Written is sent.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _incoming.End();
        _outgoing.End();
        base.Dispose(disposing);
    }
}
