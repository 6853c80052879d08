using CloudFunction.Protocol.Transports;

namespace CloudFunction.Protocol.Tests.Peers;

/// <summary>Any duplex <see cref="Stream"/> as a transport. It does not know whether a write would block, so a thread of its own sends.</summary>
/// <param name="stream">Owned from now on.</param>
internal sealed class StreamTransport(Stream stream) : Transport
{
    private int _closed;

    public override int Receive(Span<byte> buffer)
    {
        try
        {
            return stream.Read(buffer);
        }
        catch (Exception e) when (Volatile.Read(ref _closed) != 0 && e is ObjectDisposedException or IOException)
        {
            return 0; // Closed from this side: an end, not a failure.
        }
    }

    public override int TrySend(ReadOnlySpan<byte> data) => 0;

    public override void Send(ReadOnlySpan<byte> data)
    {
        try
        {
            stream.Write(data);
            stream.Flush();
        }
        catch (ObjectDisposedException e)
        {
            throw new IOException("The stream is closed.", e);
        }
    }

    public override void Close()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            stream.Dispose();
        }
    }
}
