using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>How much the other end of a connection has received, as the system knows it. What the server has handed over to the system may
/// be far ahead of that, and then a slow client appears to stand still.</summary>
internal static class AcknowledgedBytes
{
    // linux/tcp.h: tcpi_bytes_acked of struct tcp_info, since Linux 4.1.
    private const int TcpInfo = 11;
    private const int Offset = 120;

    /// <summary>The socket to ask; null where it carries other requests too, or the system does not report it.</summary>
    public static Socket? Of(HttpContext context) =>
        OperatingSystem.IsLinux() && (HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol))
            ? context.Features.Get<IConnectionSocketFeature>()?.Socket
            : null;

    /// <summary>The number; null where nobody knows it.</summary>
    public static ulong? Read(Socket socket)
    {
        Span<byte> info = stackalloc byte[Offset + sizeof(ulong)];
        try
        {
            return socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, TcpInfo, info) == info.Length
                ? BitConverter.IsLittleEndian
                    ? BinaryPrimitives.ReadUInt64LittleEndian(info[Offset..])
                    : BinaryPrimitives.ReadUInt64BigEndian(info[Offset..])
                : null;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null; // It is closed, or no TCP socket.
        }
    }
}
