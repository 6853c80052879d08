using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CloudFunction.Runtime.Configuration;

/// <summary>How addresses and ranges of them are written in settings.</summary>
internal static class AddressRange
{
    /// <summary>All addresses.</summary>
    public const string Any = "*";

    // ::ffff:0:0/96, where IPv6 has IPv4's addresses (RFC 4291, section 2.5.5.2).
    private const int MappedPrefix = 96;

    /// <summary>Reads one address, as a range of one, or a CIDR range. Bits beyond its prefix do not count, and an IPv4 address in IPv6's clothes is
    /// one of IPv4.</summary>
    public static bool TryParse(string text, out IPNetwork range)
    {
        range = default;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (!TryParseAddress(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var bits = address.GetAddressBytes().Length * 8;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
        {
            return false;
        }

        if (address.IsIPv4MappedToIPv6 && prefix >= MappedPrefix)
        {
            (address, prefix) = (address.MapToIPv4(), prefix - MappedPrefix);
        }

        range = new IPNetwork(Mask(address, prefix), prefix);
        return true;
    }

    /// <summary>Reads an address; the parser of .NET also takes <c>8080</c> and <c>10.1</c>, for addresses that nobody means.</summary>
    public static bool TryParseAddress(string text, out IPAddress address) =>
        IPAddress.TryParse(text, out address!)
        && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? !text.Contains('%', StringComparison.Ordinal)
            : text.Count(character => character == '.') == 3);

    private static IPAddress Mask(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(prefix - (i * 8), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
