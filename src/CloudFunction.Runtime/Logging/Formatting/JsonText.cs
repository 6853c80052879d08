using System.Buffers;
using System.Globalization;
using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Writes strings of JSON (RFC 8259), with no character escaped that need not be.</summary>
internal static class JsonText
{
    // What JSON demands; what steers terminals or ends lines for some programs; and surrogates, of which only those without a partner are escaped.
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0xFFFF).Select(code => (char)code).Where(character =>
            character is '"' or '\\' or '\u2028' or '\u2029' || char.IsControl(character) || char.IsSurrogate(character))]);

    /// <summary>Writes a string, with its quotes.</summary>
    public static void Write(TextWriter output, ReadOnlySpan<char> text)
    {
        output.Write('"');
        SuspectText.Write(output, text, Suspects, WriteEscape);
        output.Write('"');
    }

    private static void WriteEscape(TextWriter output, char character)
    {
        var letter = character switch
        {
            '"' or '\\' => character,
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\b' => 'b',
            '\f' => 'f',
            _ => 'u',
        };
        output.Write('\\');
        output.Write(letter);
        if (letter == 'u')
        {
            Span<char> digits = stackalloc char[4];
            ((int)character).TryFormat(digits, out _, "x4", CultureInfo.InvariantCulture);
            output.Write(digits);
        }
    }
}
