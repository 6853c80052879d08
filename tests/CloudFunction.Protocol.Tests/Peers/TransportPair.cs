using System.Net.Sockets;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Protocol.Tests.Peers;

/// <summary>Two connected transports.</summary>
internal static class TransportPair
{
    public static (Transport Here, Transport There) Create(bool sockets) => sockets ? CreateSockets() : CreateStreams();

    public static (Transport Here, Transport There) CreateStreams()
    {
        var (here, there) = DuplexStream.CreatePair();
        return (new StreamTransport(here), new StreamTransport(there));
    }

    public static (Transport Here, Transport There) CreateSockets()
    {
        var path = Path.Combine(Path.GetTempPath(), $"cft-{Guid.NewGuid():N}"[..20]);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        try
        {
            listener.Listen(1);
            var here = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            here.Connect(new UnixDomainSocketEndPoint(path));
            return (new SocketTransport(here), new SocketTransport(listener.Accept()));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
