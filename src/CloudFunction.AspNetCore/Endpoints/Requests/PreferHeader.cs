using Microsoft.Extensions.Primitives;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>The header <c>Prefer</c> (RFC 7240): preferences between commas, each a token, with a value and parameters perhaps. What is not
/// known is skipped.</summary>
internal static class PreferHeader
{
    private const string Name = "respond-async";

    /// <summary>Whether <c>respond-async</c> is among them.</summary>
    public static bool AsksForAsync(StringValues lines)
    {
        foreach (var line in lines)
        {
            if (line is not null && HasAsync(line))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasAsync(ReadOnlySpan<char> rest)
    {
        while (!rest.IsEmpty)
        {
            var end = HeaderItems.EndOfFirst(rest);
            var preference = rest[..end];
            var parameters = preference.IndexOf(';');
            if ((parameters < 0 ? preference : preference[..parameters]).Trim().Equals(Name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }

            rest = end < rest.Length ? rest[(end + 1)..] : default;
        }

        return false;
    }
}
