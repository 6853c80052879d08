using System.Buffers;
using System.Globalization;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Text from anywhere, written so that it can neither begin a line of its own nor steer a terminal.</summary>
internal static class SafeText
{
    // Shows at a glance that a line belongs to the record above it.
    private const string Indent = "    ";

    // C0 but the tab, DEL and C1, what some programs take for the end of a line, what turns the direction of a line's text around,
    // and surrogates, of which only those without a partner are harmful.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0xFFFF).Select(code => (char)code).Where(character =>
            (char.IsControl(character) && character != '\t')
                || character is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069')
            || char.IsSurrogate(character))]);

    private static readonly SearchValues<char> LineBreaks = SearchValues.Create("\r\n\v\f\u0085\u2028\u2029");

    /// <summary>Whether there is something in a text that ends a line for some program.</summary>
    public static bool HasLineBreak(string text) => text.AsSpan().ContainsAny(LineBreaks);

    /// <summary>Writes a text: a line feed as <c>\n</c>, other harmful characters as <c>\xNN</c> or <c>\uNNNN</c>, all else as it is.</summary>
    public static void Write(TextWriter output, ReadOnlySpan<char> text) => SuspectText.Write(output, text, Suspects, WriteEscape);

    /// <summary>The same as a text.</summary>
    public static string Of(string text)
    {
        if (text.AsSpan().IndexOfAny(Suspects) < 0)
        {
            return text;
        }

        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        Write(writer, text);
        return writer.ToString();
    }

    /// <summary>Writes a text of several lines, such as a stack trace, each of them indented and ended; empty ones at its end are left out.</summary>
    public static void WriteIndented(TextWriter output, string text)
    {
        for (var rest = text.AsSpan().TrimEnd("\r\n"); ;)
        {
            var end = rest.IndexOfAny('\r', '\n');
            output.Write(Indent);
            Write(output, end < 0 ? rest : rest[..end]);
            output.Write('\n');
            if (end < 0)
            {
                return;
            }

            rest = rest[(end + (rest[end..].StartsWith("\r\n") ? 2 : 1))..];
        }
    }

    private static void WriteEscape(TextWriter output, char character)
    {
        output.Write('\\');
        if (character == '\n')
        {
            output.Write('n');
            return;
        }

        output.Write(character <= 0xFF ? 'x' : 'u');
        Span<char> digits = stackalloc char[4];
        ((int)character).TryFormat(digits, out var count, character <= 0xFF ? "x2" : "x4", CultureInfo.InvariantCulture);
        output.Write(digits[..count]);
    }
}
