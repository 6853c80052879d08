using System.Buffers;
using System.Text;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Hides the user and the password that URLs may hold.</summary>
internal static class UrlPasswords
{
    private const string Start = "//";
    private const string Hidden = "***@";

    // White space or the next part: what comes before an '@' behind these is no user.
    private static readonly SearchValues<char> Ends = SearchValues.Create("/@ \t\r\n\f\v\u0085\u00A0");

    /// <summary>A text as it may be shown.</summary>
    public static string Mask(string text)
    {
        var shown = new StringBuilder();
        var rest = text.AsSpan();
        while (rest.IndexOf(Start, StringComparison.Ordinal) is var start and >= 0)
        {
            var user = rest[(start + Start.Length)..];
            var end = user.IndexOfAny(Ends);
            var isUser = end >= 0 && user[end] == '@';
            shown.Append(rest[..(start + (isUser ? Start.Length : 1))]).Append(isUser ? Hidden : "");
            rest = isUser ? user[(end + 1)..] : rest[(start + 1)..];
        }

        return shown.Append(rest).ToString();
    }
}
