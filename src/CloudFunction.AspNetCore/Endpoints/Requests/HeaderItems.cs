namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>Takes a header apart that is a list (RFC 9110, section 5.6.1).</summary>
internal static class HeaderItems
{
    /// <summary>Where the first item ends: at a comma, or the text's end. A comma in a quoted value ends nothing; in one, a backslash takes the next
    /// character as it is.</summary>
    public static int EndOfFirst(ReadOnlySpan<char> text)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '"':
                    isQuoted = !isQuoted;
                    break;
                case '\\' when isQuoted:
                    i++;
                    break;
                case ',' when !isQuoted:
                    return i;
            }
        }

        return text.Length;
    }
}
