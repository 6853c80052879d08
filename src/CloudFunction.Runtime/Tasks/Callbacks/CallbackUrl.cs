using System.Net;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>Checks whether a URL may be called back, as far as its text shows; the addresses of its name are checked when it is called.</summary>
internal static class CallbackUrl
{
    /// <summary>The longest: what browsers and proxies pass on everywhere (RFC 9110, section 4.1, asks for 8000 at least; most
    /// stay far below).</summary>
    public const int MaxLength = 2048;

    // RFC 6761 and 6762, RFC 8375, and the name that ICANN set aside for private use: none of them is ever a public server's.
    private static readonly string[] LocalDomains = ["localhost", "local", "internal", "home.arpa"];

    private const string UnlessAllowed = ", or any where CALLBACK_ALLOW_PRIVATE is true";

    /// <summary>Checks a URL.</summary>
    /// <param name="text">What the caller sent.</param>
    /// <param name="allowPrivate">Whether private addresses and names may be called, this machine's among them.</param>
    /// <returns>What is wrong and what is allowed, without the URL, which may hold a secret; null where it may be called.</returns>
    public static string? Check(string text, bool allowPrivate)
    {
        if (text.Length > MaxLength)
        {
            return $"the callback URL has {text.Length} characters; allowed are {MaxLength}";
        }

        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') >= 0 || text.Contains('\\', StringComparison.Ordinal))
        {
            return "the callback URL has a character that no URL has; allowed are printable ASCII characters without spaces and backslashes, others "
                + "percent-encoded or as xn-- names";
        }

        var isHttp = text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!isHttp || !Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            return "the callback URL is not an absolute http or https URL; allowed is one such as https://example.com/finished";
        }

        if (text.Contains('#', StringComparison.Ordinal))
        {
            return "the callback URL has a fragment, which is sent to no server; allowed is the part before '#'";
        }

        var authority = AuthorityOf(text);
        if (authority.Contains('@'))
        {
            return "the callback URL has a user or a password in it; allowed is one without, as callbacks are signed";
        }

        return url.Port == 0 ? "the callback URL has port 0; allowed are 1 to 65535" : CheckHost(url, WithoutPort(authority), allowPrivate);
    }

    private static string? CheckHost(Uri url, ReadOnlySpan<char> written, bool allowPrivate)
    {
        switch (url.HostNameType)
        {
            // 127.1, 2130706433, 0x7f.1 and 0177.0.0.1 are one address to some parsers and others to others.
            case UriHostNameType.IPv4 when !written.SequenceEqual(url.Host):
                return "the callback URL has an address in a spelling that programs read in several ways; allowed are four decimal numbers with "
                    + "dots between them";
            case UriHostNameType.IPv4 or UriHostNameType.IPv6:
                return !IPAddress.TryParse(url.Host, out var address)
                    ? "the callback URL's address cannot be read; allowed is an IPv4 address, or an IPv6 address in brackets"
                    : written.Contains('%')
                        ? "the callback URL's address has a zone, which means something on one machine alone; allowed is an address without"
                    : SpecialAddresses.Refuse(address, allowPrivate) is { } what
                        ? $"the callback URL leads to {what}; allowed are public "
                            + $"addresses{(SpecialAddresses.Refuse(address, allowPrivate: true) is null ? UnlessAllowed : "")}"
                    : null;
            case UriHostNameType.Dns:
                return CheckName(written.TrimEnd('.').ToString(), allowPrivate);
            default:
                return "the callback URL's host is neither a name nor an address; allowed is a name such as example.com";
        }
    }

    private static string? CheckName(string name, bool allowPrivate)
    {
        var labels = name.Split('.');
        if (Array.Exists(
            labels, label => label.Length == 0 || !label.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')))
        {
            return "the callback URL's host is not a name; allowed are letters, digits, '-' and '_' with single dots between them";
        }

        // What ends in a number is an address to the resolver, whatever it is to the URL's parser (URL Standard, "ends in a number").
        if (char.IsAsciiDigit(labels[^1][0]))
        {
            return "the callback URL's host ends in a number and is not an address; allowed are names, and four decimal numbers with dots between";
        }

        var isLocal = labels.Length == 1 || Array.Exists(LocalDomains, domain => name.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase));
        return isLocal && !allowPrivate
            ? $"the callback URL leads to '{name}', a name of this machine or of its network; allowed are public names{UnlessAllowed}"
            : null;
    }

    private static ReadOnlySpan<char> AuthorityOf(string text)
    {
        var rest = text.AsSpan(text.IndexOf("//", StringComparison.Ordinal) + 2);
        var end = rest.IndexOfAny('/', '?', '#');
        return end < 0 ? rest : rest[..end];
    }

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon < 0 || authority[colon..].Contains(']') ? authority : authority[..colon];
    }
}
