using System.Text;
using System.Text.Unicode;

namespace CloudFunction.Llm.Wire;

/// <summary>Characters that were cut in two: providers that split a text by bytes, or by UTF-16 units, send halves that no JSON reader
/// takes.</summary>
internal static class AnswerText
{
    private static ReadOnlySpan<byte> Replacement => "\\ufffd"u8;

    /// <summary>The JSON with a replacement character (U+FFFD) in the place of each half; mostly the same bytes.</summary>
    public static ReadOnlyMemory<byte> Mend(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json.Span));
        }

        return json.Span.IndexOf("\\u"u8) < 0 ? json : MendSurrogates(json);
    }

    private static ReadOnlyMemory<byte> MendSurrogates(ReadOnlyMemory<byte> json)
    {
        byte[]? mended = null;
        for (var at = 0; at < json.Length - 1; at++)
        {
            if (json.Span[at] != '\\')
            {
                continue;
            }

            var unit = UnitAt(json.Span, at);
            if (char.IsHighSurrogate(unit) && char.IsLowSurrogate(UnitAt(json.Span, at + 6)))
            {
                at += 11;
            }
            else if (char.IsSurrogate(unit))
            {
                mended ??= json.ToArray();
                Replacement.CopyTo(mended.AsSpan(at));
                at += 5;
            }
            else
            {
                at++; // What is escaped is no escape.
            }
        }

        return mended ?? json;
    }

    // The unit that is written as \uXXXX there, or 0.
    private static char UnitAt(ReadOnlySpan<byte> json, int at) =>
        at + 6 <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.Slice(at + 2, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out var unit)
            ? (char)unit
            : '\0';
}
