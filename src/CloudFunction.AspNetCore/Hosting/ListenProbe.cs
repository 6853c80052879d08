using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Finds out whether an address can be listened on, without listening.</summary>
internal static class ListenProbe
{
    /// <summary>Why it cannot, in a few words; null where it can, or where only Kestrel can tell.</summary>
    public static string? Try(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException exception)
        {
            return exception.Message.TrimEnd('.');
        }

        if (address.IsUnixPipe || address.IsNamedPipe || address.Port == 0)
        {
            return null;
        }

        var isLiteral = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip);
        var isLocal = string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);
        return TryBind(new IPEndPoint(isLiteral ? ip! : isLocal ? IPAddress.Loopback : IPAddress.Any, address.Port));
    }

    private static string? TryBind(IPEndPoint endPoint)
    {
        try
        {
            using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(endPoint);
            return null;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => "the port is in use",
                SocketError.AccessDenied => "this user may not open that port",
                SocketError.AddressNotAvailable => "this machine has no such address",
                _ => exception.Message.TrimEnd('.'),
            };
        }
    }
}
