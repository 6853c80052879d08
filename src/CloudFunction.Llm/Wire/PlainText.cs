namespace CloudFunction.Llm.Wire;

/// <summary>What a person can read of a body that is no JSON.</summary>
internal static class PlainText
{
    private const int MaxLength = 500;

    /// <summary>The text on one line, and shortened; of a page of HTML its title, or what it has between its tags.</summary>
    public static string Of(string body)
    {
        var text = body.AsSpan().TrimStart().StartsWith("<") ? TitleOf(body) ?? WithoutTags(body) : body;
        return Shorten(text);
    }

    /// <summary>A text on one line, and shortened.</summary>
    public static string Shorten(string text)
    {
        text = string.Concat(text.Select(static character => char.IsControl(character) ? ' ' : character)); // A terminal obeys some of them.
        text = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= MaxLength ? text : text[..MaxLength] + "…";
    }

    private static string? TitleOf(string page)
    {
        var start = page.IndexOf("<title>", StringComparison.OrdinalIgnoreCase);
        var end = start < 0 ? -1 : page.IndexOf("</title>", start, StringComparison.OrdinalIgnoreCase);
        return end < 0 ? null : page[(start + "<title>".Length)..end] is var title && string.IsNullOrWhiteSpace(title) ? null : title;
    }

    private static string WithoutTags(string page)
    {
        var isInTag = false;
        return string.Concat(page.Where(character =>
        {
            var isText = !isInTag && character != '<';
            isInTag = character == '<' || (isInTag && character != '>');
            return isText;
        }));
    }
}
