using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Security;

/// <summary>
/// Whether a request comes straight from this machine: its own socket's peer is loopback, no proxy passed it on, and no web page of another
/// site made a browser send it.
/// </summary>
internal static class LocalCaller
{
    /// <summary>Why it does not, in a few words; null where it does.</summary>
    public static string? WhyNot(HttpContext context)
    {
        var request = context.Request;
        return !IsLoopbackPeer(context) ? "the connection does not come from this machine"
            : ForwardingHeader(request.Headers) is { } header ? $"a proxy passed it on ({header})"
            : !IsLocalHost(request.Host) ? "Host is neither localhost nor a loopback address"
            : !IsOwnOrigin(request) ? "Origin is another site"
            : null;
    }

    // Not HttpContext.Connection: middleware may write there what a client claimed. A transport without a socket cannot vouch for anybody.
    private static bool IsLoopbackPeer(HttpContext context)
    {
        try
        {
            return context.Features.Get<IConnectionSocketFeature>()?.Socket.RemoteEndPoint is IPEndPoint peer && IsLoopback(peer.Address);
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            // The client is gone; whoever it was, it needs no answer.
            return false;
        }
    }

    private static string? ForwardingHeader(IHeaderDictionary headers)
    {
        foreach (var (name, _) in headers)
        {
            if (name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase)
                || name.Equals("X-Real-IP", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase))
            {
                return name;
            }
        }

        return null;
    }

    // A name that an attacker's DNS points at 127.0.0.1 is the attacker's site, not localhost.
    private static bool IsLocalHost(HostString host) =>
        host.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Host.Trim('[', ']'), out var address) && IsLoopback(address) && IsLiteral(host.Host, address));

    // IPAddress.TryParse also takes 127.1 and 2130706433; only the plain spelling is a loopback literal.
    private static bool IsLiteral(string text, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 || text == address.ToString();

    private static bool IsOwnOrigin(HttpRequest request)
    {
        var origins = request.Headers.Origin;
        if (origins.Count == 0)
        {
            return true;
        }

        return origins.Count == 1
            && Uri.TryCreate(origins[0], UriKind.Absolute, out var origin)
            && Uri.TryCreate($"{request.Scheme}://{request.Host}", UriKind.Absolute, out var own)
            && origin is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
            && origin.Scheme == own.Scheme
            && origin.Host == own.Host
            && origin.Port == own.Port;
    }

    private static bool IsLoopback(IPAddress address) =>
        IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
