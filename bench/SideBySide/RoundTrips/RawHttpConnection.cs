using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SideBySide.RoundTrips;

/// <summary>
/// HTTP/1.1 on one blocking keep-alive socket, with no more than a measurement needs: a request made beforehand, the answer read to
/// its end (by length or by chunks, RFC 9112 §6), its status looked at, nothing allocated.
/// </summary>
internal sealed class RawHttpConnection : IDisposable
{
    // Many times the largest answer here; a larger one is an error, not a reason to grow.
    private const int BufferBytes = 64 * 1024;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = 30_000,
    };
    private readonly byte[] _buffer = new byte[BufferBytes];

    private RawHttpConnection()
    {
    }

    public static RawHttpConnection Connect(int port)
    {
        var connection = new RawHttpConnection();
        connection._socket.Connect(IPAddress.Loopback, port);
        return connection;
    }

    public static byte[] Post(int port, string path, string body) => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");

    public static byte[] Get(int port, string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");

    public RawAnswer Call(ReadOnlySpan<byte> request)
    {
        Send(request);
        return Receive();
    }

    public void Send(ReadOnlySpan<byte> request)
    {
        try
        {
            _socket.Send(request);
        }
        catch (SocketException broken)
        {
            throw new MeasurementException($"A request could not be sent: {broken.Message}", broken);
        }
    }

    public RawAnswer Receive()
    {
        var read = 0;
        while (true)
        {
            read += ReceiveSome(_buffer.AsSpan(read));
            var answer = _buffer.AsSpan(0, read);
            var headBytes = answer.IndexOf("\r\n\r\n"u8) + 4;
            if (headBytes < 4)
            {
                continue;
            }

            var head = answer[..headBytes];
            var whole = ContentLength(head) is { } length
                ? read == headBytes + length
                : answer[(headBytes - 2)..].EndsWith("\r\n0\r\n\r\n"u8);
            if (whole)
            {
                return Utf8Parser.TryParse(head["HTTP/1.1 ".Length..], out int status, out _)
                    ? new RawAnswer(status, read)
                    : throw new MeasurementException($"No HTTP answer: {Encoding.ASCII.GetString(head)}");
            }
        }
    }

    public void Dispose() => _socket.Dispose();

    private static int? ContentLength(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var start = head.IndexOf(name);
        return start >= 0 && Utf8Parser.TryParse(head[(start + name.Length)..], out int length, out _) ? length : null;
    }

    private int ReceiveSome(Span<byte> free)
    {
        try
        {
            var count = _socket.Receive(free);
            return count > 0
                ? count
                : throw new MeasurementException(
                    free.IsEmpty ? $"An answer is larger than {BufferBytes} bytes." : "The server closed the connection in the middle of an answer.");
        }
        catch (SocketException broken)
        {
            throw new MeasurementException($"An answer did not come whole: {broken.Message}", broken);
        }
    }
}
