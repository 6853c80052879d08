using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CloudFunction.AspNetCore.Endpoints.Http;

/// <summary>The headers of a message that are meant for its ends. Those of one connection (RFC 9110, section 7.6.1) are the server's own business.</summary>
internal static class EndToEndHeaders
{
    private static readonly HashSet<string> OfConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer", "Transfer-Encoding", "Upgrade",
    };

    /// <summary>Those of a request, a value each.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(HttpRequest request)
    {
        var named = Named(request.Headers.Connection);
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
    public static void CopyTo(HttpResponse response, IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (!OfConnection.Contains(name))
            {
                response.Headers.Append(name, value);
            }
        }
    }

    private static HashSet<string> Named(StringValues connection) => connection.Count == 0
        ? []
        : connection.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
}
