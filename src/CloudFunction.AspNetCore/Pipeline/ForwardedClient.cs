using System.Net;
using CloudFunction.Runtime.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CloudFunction.AspNetCore.Pipeline;

/// <summary>
/// Sets scheme, host and client address of a request to those that trusted proxies report. Each proxy adds to the right end of <c>X-Forwarded-For</c>
/// its own peer: from there back, the first address that is no trusted proxy's is the client. What is malformed is skipped. The headers
/// stay as they came: the management guard checks them.
/// </summary>
internal sealed class ForwardedClient(TrustedProxies proxies)
{
    private const string For = "X-Forwarded-For";
    private const string Proto = "X-Forwarded-Proto";
    private const string Host = "X-Forwarded-Host";

    /// <summary>Applies the headers, where the socket's peer may send them.</summary>
    public void Apply(HttpContext context)
    {
        var headers = context.Request.Headers;
        var (chain, proto, host) = (headers[For], headers[Proto], headers[Host]);
        if ((chain.Count == 0 && proto.Count == 0 && host.Count == 0) || !proxies.Contains(context.Connection.RemoteIpAddress))
        {
            return;
        }

        var hops = FollowChain(context, Items(chain));
        if (ItemOfHop(Items(proto), hops) is { } scheme && (Is(scheme, Uri.UriSchemeHttp) || Is(scheme, Uri.UriSchemeHttps)))
        {
            context.Request.Scheme = Is(scheme, Uri.UriSchemeHttps) ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        }

        if (ItemOfHop(Items(host), hops) is { } name && IsHost(name))
        {
            context.Request.Host = new HostString(name);
        }
    }

    /// <summary>The addresses that the chain was followed for: at least one, since the peer itself is trusted.</summary>
    private int FollowChain(HttpContext context, string[] chain)
    {
        var hops = 0;
        while (hops < chain.Length && TryParse(chain[^(hops + 1)], out var address, out var port))
        {
            hops++;
            context.Connection.RemoteIpAddress = address;
            context.Connection.RemotePort = port;
            if (!proxies.Contains(address))
            {
                break;
            }
        }

        return Math.Max(1, hops);
    }

    // The proxy that the client spoke to is as many places from the right as the chain has hops; one that adds nothing but writes a single value
    // leaves fewer, of which the first is the oldest.
    private static string? ItemOfHop(string[] items, int hops) => items.Length == 0 ? null : items[Math.Max(0, items.Length - hops)];

    private static string[] Items(StringValues values) =>
        values.Count == 0 ? [] : values.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // 192.0.2.1, 192.0.2.1:4711, 2001:db8::1 or [2001:db8::1]:4711; "unknown" and names are no addresses.
    private static bool TryParse(string text, out IPAddress address, out int port)
    {
        port = 0;
        if (!AddressRange.TryParseAddress(text.Trim('[', ']'), out address))
        {
            if (!IPEndPoint.TryParse(text, out var endPoint) || !(text.StartsWith('[') || text.Count(static character => character == '.') == 3))
            {
                return false;
            }

            (address, port) = (endPoint.Address, endPoint.Port);
        }

        address = TrustedProxies.Plain(address);
        return true;
    }

    // As the server itself would take it in Host: a name or an address, and perhaps a port.
    private static bool IsHost(string text) =>
        Uri.TryCreate($"http://{text}/", UriKind.Absolute, out var url)
        && url is { UserInfo: "", PathAndQuery: "/", Fragment: "" }
        && text.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
        && text.AsSpan().IndexOfAny("/\\?#@") < 0
        && Uri.CheckHostName(new HostString(text).Host.Trim('[', ']')) != UriHostNameType.Unknown;

    private static bool Is(string text, string scheme) => text.Equals(scheme, StringComparison.OrdinalIgnoreCase);
}
