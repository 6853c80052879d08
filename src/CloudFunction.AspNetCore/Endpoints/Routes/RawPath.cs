using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudFunction.AspNetCore.Endpoints.Routes;

/// <summary>The path as the client wrote it. The server resolves <c>..</c> and <c>%2e%2e</c> before routing, so that a name with them would
/// quietly become another route; here they are refused.</summary>
internal static class RawPath
{
    /// <summary>Refuses such a path at every endpoint of a group, before anything else reads it.</summary>
    public static void Protect(IEndpointConventionBuilder group) => group.Finally(static endpoint =>
    {
        if (endpoint.RequestDelegate is { } handler)
        {
            endpoint.RequestDelegate = context => FindDotSegment(context) is { } refusal
                ? ApiErrorResponse.WriteAsync(context, refusal)
                : handler(context);
        }
    });

    /// <summary>The refusal where the path has a segment <c>.</c> or <c>..</c>, however it is encoded; else null.</summary>
    public static ApiError? FindDotSegment(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (target is null || target.AsSpan().IndexOfAny('.', '%') < 0)
        {
            return null;
        }

        return HasDotSegment(target)
            ? ApiError.Invalid("path", "must have no '.' or '..' segments, encoded or not")
            : null;
    }

    // An encoded slash is one to whoever decodes the path.
    internal static bool HasDotSegment(string target)
    {
        var path = target.AsSpan();
        var end = path.IndexOfAny('?', '#');
        path = end < 0 ? path : path[..end];
        var (dots, isName) = (0, false);
        for (; !path.IsEmpty; path = path[LengthOf(path)..])
        {
            if (Is(path, '/', "%2F"))
            {
                if (!isName && dots is 1 or 2)
                {
                    return true;
                }

                (dots, isName) = (0, false);
            }
            else if (Is(path, '.', "%2E"))
            {
                dots++;
            }
            else
            {
                isName = true;
            }
        }

        return !isName && dots is 1 or 2;
    }

    private static bool Is(ReadOnlySpan<char> path, char sign, string encoded) =>
        path[0] == sign || path.StartsWith(encoded, StringComparison.OrdinalIgnoreCase);

    private static int LengthOf(ReadOnlySpan<char> path) =>
        path is ['%', var high, var low, ..] && char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low) ? 3 : 1;
}
