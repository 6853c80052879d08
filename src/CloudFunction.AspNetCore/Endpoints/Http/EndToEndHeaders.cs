using System.Collections.Frozen;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudFunction.AspNetCore.Endpoints.Http;

/// <summary>The headers of a message that are meant for its ends. Those of one connection (RFC 9110, section 7.6.1) are the
/// server's own business.</summary>
internal static class EndToEndHeaders
{
    // Nobody has so many of their own; each costs memory before anybody knows who calls.
    private const int MaxNamed = 64;

    private static readonly FrozenSet<string> OfConnection = FrozenSet.ToFrozenSet(
        [
            "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding",
            "Upgrade", "HTTP2-Settings",
        ],
        StringComparer.OrdinalIgnoreCase);

    // What a message is, who sends it and how it came here: a client that names these would take from the function what proxies and the app rely on.
    private static readonly FrozenSet<string> NeverNamed = FrozenSet.ToFrozenSet(
        [
            "Host", "Content-Length", "Content-Type", "Content-Encoding", "Content-Range", "Authorization", "Cookie", "Set-Cookie", "Origin",
            "Cache-Control", "Forwarded", "Via", "X-Real-IP", "X-API-Key",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name in a header Connection is that of a header which the connection alone is concerned with, whoever names it.</summary>
    public static bool IsOfConnection(string name) => OfConnection.Contains(name);

    /// <summary>Those of a request, a value each; null where its header Connection names too many.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>>? Of(HttpRequest request)
    {
        if (!TryFindNamed(request.Headers.Connection, out var named))
        {
            return null;
        }

        var headers = new List<KeyValuePair<string, string>>(request.Headers.Count);
        foreach (var (name, values) in request.Headers)
        {
            if (name[0] != ':' && !OfConnection.Contains(name) && !named.Contains(name))
            {
                headers.AddRange(values.Select(value => KeyValuePair.Create(name, value ?? "")));
            }
        }

        return headers;
    }

    /// <summary>Sets those of a response.</summary>
    /// <returns>What is wrong with them; null for nothing.</returns>
    public static string? CopyTo(HttpResponse response, HttpHead head)
    {
        var connection = head.Headers.Where(static header => Is(header.Key, HeaderNames.Connection)).Select(static header => header.Value);
        if (!TryFindNamed(connection, out var named))
        {
            return $"The response header 'Connection' names more than {MaxNamed} headers.";
        }

        // RFC 9110, section 8.6: what has no body by its status has no length either. One that a 304 has is that of the page which it is not.
        var hasNoLength = head.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent;
        foreach (var (name, value) in head.Headers)
        {
            if (!OfConnection.Contains(name) && !named.Contains(name) && !(hasNoLength && Is(name, HeaderNames.ContentLength)))
            {
                response.Headers.Append(name, value);
            }
        }

        return null;
    }

    /// <summary>The refusal of a request whose header Connection names too many.</summary>
    public static ApiError TooManyNamed() => ApiError.Invalid(HeaderNames.Connection, $"must name {MaxNamed} headers at the most");

    private static bool Is(string name, string header) => name.Equals(header, StringComparison.OrdinalIgnoreCase);

    private static bool TryFindNamed(IEnumerable<string?> connection, out HashSet<string> named)
    {
        named = new(StringComparer.OrdinalIgnoreCase);
        foreach (var line in connection)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var name = line.AsSpan(range).Trim(" \t");
                if (HttpHead.IsName(name) && named.Add(name.ToString()) && named.Count > MaxNamed)
                {
                    return false;
                }
            }
        }

        named.RemoveWhere(static name => NeverNamed.Contains(name)
            || name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase)
            || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase));
        return true;
    }
}
