using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Finds out whether an address can be listened on, without listening.</summary>
internal static class ListenProbe
{
    /// <summary>Why it cannot, in a few words; null where it can, or where only Kestrel can find out.</summary>
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

        // As Kestrel does it: localhost is both loopback addresses, and any other name is all addresses of both families.
        var isLocal = string.Equals(address.Host, "localhost", StringComparison.OrdinalIgnoreCase);
        var failure = IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) ? TryBind(ip, address.Port)
            : isLocal ? TryBoth(IPAddress.Loopback, IPAddress.IPv6Loopback, address.Port)
            : TryBoth(IPAddress.Any, IPAddress.IPv6Any, address.Port);
        return failure?.SocketErrorCode switch
        {
            null => null,
            SocketError.AddressAlreadyInUse => "the port is in use",
            SocketError.AccessDenied => "this user may not open that port",
            SocketError.AddressNotAvailable => "this machine has no such address",
            _ => failure.Message.TrimEnd('.'),
        };
    }

    // Kestrel does without one that the machine does not have, but not without one that somebody else uses.
    private static SocketException? TryBoth(IPAddress one, IPAddress other, int port)
    {
        var (first, second) = (TryBind(one, port), TryBind(other, port));
        return first?.SocketErrorCode == SocketError.AddressAlreadyInUse ? first
            : second?.SocketErrorCode == SocketError.AddressAlreadyInUse ? second
            : second is null ? null
            : first;
    }

    private static SocketException? TryBind(IPAddress address, int port)
    {
        try
        {
            using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            if (address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true; // Kestrel's is for IPv4 too.
            }

            socket.Bind(new IPEndPoint(address, port));
            return null;
        }
        catch (SocketException exception)
        {
            return exception;
        }
    }
}
