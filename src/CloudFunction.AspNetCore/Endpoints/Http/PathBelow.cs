using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudFunction.AspNetCore.Endpoints.Http;

/// <summary>The path below an HTTP function's own route, decoded once. The server decodes all but <c>%2F</c>, which leaves <c>a%2Fb</c> and
/// <c>a%252Fb</c> the same: where such a sign is left, the path is read from what the client sent.</summary>
internal static class PathBelow
{
    /// <summary>The path, beginning with <c>/</c>.</summary>
    public static string Of(HttpContext context)
    {
        var routed = context.Request.RouteValues["path"] as string ?? "";
        return "/" + (routed.Contains('%', StringComparison.Ordinal) ? Decode(routed, SentOf(context, routed)) : routed);
    }

    // Not what was sent where something on the way, such as a rewriter, has made another path of it.
    private static string Decode(string routed, string sent) =>
        PathString.FromUriComponent("/" + sent).Value == "/" + routed
            ? Uri.UnescapeDataString(sent)
            : routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);

    // The server takes no slash away and adds none, so that both have the same number of them.
    private static string SentOf(HttpContext context, string routed)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var end = target.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? target : target[..end];
        var start = path.Length;
        for (var slashes = routed.AsSpan().Count('/'); slashes >= 0 && start > 0; slashes--)
        {
            start = path.LastIndexOf('/', start - 1);
        }

        return path[(start + 1)..];
    }
}
