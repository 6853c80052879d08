using System.Net.Sockets;
using SideBySide.Options;

namespace SideBySide.RoundTrips;

/// <summary>Sends back what comes, blocking, one connection; ends with it.</summary>
internal static class EchoServer
{
    public static int Run(RoleArguments arguments)
    {
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(arguments.RequireSocket()));
        listener.Listen(1);
        using var peer = listener.Accept();
        var buffer = new byte[EchoPeer.MessageBytes];
        for (var count = peer.Receive(buffer); count > 0; count = peer.Receive(buffer))
        {
            peer.Send(buffer.AsSpan(0, count));
        }

        return 0;
    }
}
