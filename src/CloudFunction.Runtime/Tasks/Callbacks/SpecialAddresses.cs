using System.Net;
using System.Net.Sockets;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>
/// Decides which addresses a callback must not reach. From the IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890)
/// and, for multicast, RFC 5771 and RFC 4291. What the registries call globally reachable is left out, but for what stands
/// inside of a range that is not.
/// </summary>
internal static class SpecialAddresses
{
    // Where IPv6 keeps IPv4's addresses: RFC 4291, section 2.5.5.2, and RFC 6052, section 2.1. Both have the address in their last four bytes.
    private static readonly IPNetwork[] Embedding = [IPNetwork.Parse("::ffff:0:0/96"), IPNetwork.Parse("64:ff9b::/96")];

    // RFC 4291, section 2.4: all that has been given out of IPv6 but what the table names.
    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly SpecialRange[] Ranges =
    [
        Closed("0.0.0.0/8", "addresses of \"this network\""), // RFC 791; many systems take 0.0.0.0 for themselves.
        Private("10.0.0.0/8", "private addresses"), // RFC 1918
        Private("100.64.0.0/10", "addresses shared behind a carrier's NAT"), // RFC 6598
        Private("127.0.0.0/8", "addresses of this machine"), // RFC 1122
        Closed("169.254.0.0/16", "link-local addresses"), // RFC 3927; clouds hand out credentials at 169.254.169.254.
        Private("172.16.0.0/12", "private addresses"), // RFC 1918
        Closed("168.63.129.16/32", "addresses of a cloud's own services"), // Azure's agent, public by its number and reached from within alone.
        Closed("192.0.0.0/24", "addresses of protocols"), // RFC 6890
        Closed("192.0.2.0/24", "addresses of documentation"), // RFC 5737
        Closed("192.88.99.0/24", "6to4 relays"), // RFC 7526
        Private("192.168.0.0/16", "private addresses"), // RFC 1918
        Private("198.18.0.0/15", "addresses of benchmarks"), // RFC 2544
        Closed("198.51.100.0/24", "addresses of documentation"), // RFC 5737
        Closed("203.0.113.0/24", "addresses of documentation"), // RFC 5737
        Closed("224.0.0.0/4", "multicast addresses"), // RFC 5771
        Closed("240.0.0.0/4", "reserved addresses"), // RFC 1112, with broadcast, RFC 919
        Closed("::/128", "the unspecified address"), // RFC 4291
        Private("::1/128", "addresses of this machine"), // RFC 4291
        Closed("64:ff9b:1::/48", "addresses that a network translates for itself"), // RFC 8215
        Closed("100::/64", "addresses that are discarded"), // RFC 6666
        Closed("2001::/23", "addresses of protocols"), // RFC 2928, with Teredo, RFC 4380
        Closed("2001:db8::/32", "addresses of documentation"), // RFC 3849
        Closed("2002::/16", "6to4 addresses"), // RFC 3056: they hide one of IPv4
        Closed("3fff::/20", "addresses of documentation"), // RFC 9637
        Private("fc00::/7", "unique local addresses"), // RFC 4193
        Closed("fe80::/10", "link-local addresses"), // RFC 4291
        Closed("ff00::/8", "multicast addresses"), // RFC 4291
    ];

    /// <summary>What an address belongs to, for error messages; null where a callback may reach it.</summary>
    /// <param name="address">Of either family; one of IPv6 that embeds one of IPv4 counts as that.</param>
    /// <param name="allowPrivate">Whether somebody's own networks may be reached, this machine among them.</param>
    public static string? Refuse(IPAddress address, bool allowPrivate)
    {
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
        {
            // A zone is of this machine, and the networks compare without it.
            address = new IPAddress(address.GetAddressBytes());
            if (Array.Exists(Embedding, network => network.Contains(address)))
            {
                address = new IPAddress(address.GetAddressBytes().AsSpan()[^4..]);
            }
        }

        if (Array.Find(Ranges, range => range.Network.Contains(address)) is { } found)
        {
            return found.IsPrivate && allowPrivate ? null : found.What;
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && !GlobalUnicast.Contains(address)
            ? "addresses that nobody has been given"
            : null;
    }

    private static SpecialRange Closed(string network, string what) => new(IPNetwork.Parse(network), what, IsPrivate: false);

    private static SpecialRange Private(string network, string what) => new(IPNetwork.Parse(network), what, IsPrivate: true);
}
