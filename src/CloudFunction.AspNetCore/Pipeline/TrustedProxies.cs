using System.Net;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.AspNetCore.Pipeline;

/// <summary>The peers of FORWARDED_ALLOW_IPS.</summary>
internal sealed class TrustedProxies(IReadOnlyList<string> items)
{
    private readonly bool _any = items.Contains(AddressRange.Any);
    private readonly IPNetwork[] _ranges =
        [.. items.Select(static item => AddressRange.TryParse(item, out var range) ? range : (IPNetwork?)null).OfType<IPNetwork>()];

    /// <summary>Whether a peer is one of them. One without an address, such as a Unix socket's, only where all are.</summary>
    public bool Contains(IPAddress? peer)
    {
        if (_any || peer is null)
        {
            return _any;
        }

        var address = Plain(peer);
        return Array.Exists(_ranges, range => range.Contains(address));
    }

    /// <summary>An IPv4 address as such, also where a socket of both kinds has it in IPv6's clothes.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
