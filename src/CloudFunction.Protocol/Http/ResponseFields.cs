using System.Buffers;
using System.Collections.Frozen;

namespace CloudFunction.Protocol.Http;

/// <summary>What a function's status, headers and trailers must be for a server to send them (RFC 9110). Both ends check it: the worker, so that the
/// fault shows in the function, and the host, which trusts no worker.</summary>
internal static class ResponseFields
{
    public const string ContentLength = "Content-Length";

    private const int MaxShownName = 64;

    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    // Of which a second one makes a message that clients and proxies read differently.
    private static readonly FrozenSet<string> Single = FrozenSet.ToFrozenSet(
        [
            ContentLength, "Content-Type", "Content-Location", "Content-Range", "Content-Disposition", "Date", "Server", "ETag", "Expires",
            "Last-Modified", "Location", "Retry-After", "Age",
        ],
        StringComparer.OrdinalIgnoreCase);

    // RFC 9110, section 6.5.1: what frames, routes or describes a message, or lets somebody in, comes before its body.
    private static readonly FrozenSet<string> NoTrailer = FrozenSet.ToFrozenSet(
        [
            ContentLength, "Transfer-Encoding", "Connection", "Keep-Alive", "Proxy-Connection", "Upgrade", "TE", "Trailer", "Host", "Content-Type",
            "Content-Encoding", "Content-Range", "Location", "Set-Cookie", "WWW-Authenticate", "Proxy-Authenticate", "Cache-Control", "Date",
            "Retry-After", "Vary",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What is wrong with the beginning of a response; null for nothing.</summary>
    public static string? FindFault(int status, IReadOnlyList<KeyValuePair<string, string>> headers) => status is < 200 or > 599
        ? $"The response has the status {status}, and a status is 200 to 599."
        : FindFault(headers, "header");

    /// <summary>What is wrong with trailers; null for nothing.</summary>
    public static string? FindTrailerFault(IReadOnlyList<KeyValuePair<string, string>> trailers) =>
        trailers.FirstOrDefault(trailer => NoTrailer.Contains(trailer.Key)) is { Key: { } name }
            ? $"The response trailer '{name}' cannot be a trailer: set it as a header, before the body."
            : FindFault(trailers, "trailer");

    /// <summary>The length that a response without a fault announces; null where it announces none.</summary>
    public static long? LengthOf(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (name.Equals(ContentLength, StringComparison.OrdinalIgnoreCase) && TryReadLength(value, out var length))
            {
                return length;
            }
        }

        return null;
    }

    /// <summary>Whether it is a name of a header (RFC 9110, section 5.1).</summary>
    public static bool IsName(ReadOnlySpan<char> name) => !name.IsEmpty && !name.ContainsAnyExcept(NameCharacters);

    private static string? FindFault(IReadOnlyList<KeyValuePair<string, string>> fields, string what)
    {
        HashSet<string>? names = null;
        foreach (var (name, value) in fields)
        {
            if (!IsName(name))
            {
                return $"The response {what} '{Shown(name)}' has a name that is none: letters, digits and !#$%&'*+-.^_`|~ are allowed.";
            }

            if (value is null || value.AsSpan().ContainsAnyInRange('\n', '\x1f') || value.AsSpan().ContainsAnyExceptInRange('\t', '~'))
            {
                return $"The response {what} '{Shown(name)}' has a value that cannot be sent: "
                    + "visible ASCII characters, spaces and tabs are allowed; encode others.";
            }

            if (Single.Contains(name) && !(names ??= new(StringComparer.OrdinalIgnoreCase)).Add(name))
            {
                return $"The response {what} '{name}' is there more than once.";
            }

            if (name.Equals(ContentLength, StringComparison.OrdinalIgnoreCase) && !TryReadLength(value, out _))
            {
                return $"The response {what} '{name}' must be the body's length: a whole number of bytes, in digits alone.";
            }
        }

        return null;
    }

    private static bool TryReadLength(string value, out long length) =>
        long.TryParse(value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out length);

    private static string Shown(string name) =>
        string.Concat(name.Take(MaxShownName).Select(static character => NameCharacters.Contains(character) ? character : '?'));
}
