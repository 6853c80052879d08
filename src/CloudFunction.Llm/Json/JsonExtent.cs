using System.Buffers;

namespace CloudFunction.Llm.Json;

/// <summary>How far a text goes that begins like an object or an array of JSON. Whether it is right is for its reader to find.</summary>
/// <param name="Length">How many bytes it has, or were read until it was clear that it is none.</param>
/// <param name="IsClosed">Whether its last bracket is there.</param>
/// <param name="IsProse">Whether it is none: it has something that JSON has not, and no member of an object before that.</param>
internal readonly record struct JsonExtent(int Length, bool IsClosed, bool IsProse)
{
    private static readonly SearchValues<byte> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    /// <summary>Reads it, once from its first byte on.</summary>
    public static JsonExtent Of(ReadOnlySpan<byte> text)
    {
        var (depth, hasMember) = (0, false);
        for (var at = 0; at < text.Length;)
        {
            var length = LengthOfToken(text[at..]);
            if (length > 0)
            {
                depth += text[at] is (byte)'{' or (byte)'[' ? 1 : text[at] is (byte)'}' or (byte)']' ? -1 : 0;
                hasMember |= text[at] == ':';
                at += length;
            }
            else if (hasMember)
            {
                at++; // An object that is broken.
            }
            else
            {
                return new JsonExtent(at + 1, IsClosed: false, IsProse: true);
            }

            if (depth == 0)
            {
                return new JsonExtent(at, IsClosed: true, IsProse: false);
            }
        }

        return new JsonExtent(text.Length, IsClosed: false, IsProse: !hasMember);
    }

    // 0 where there is none of JSON's. Texts and comments without an end have all that is left.
    private static int LengthOfToken(ReadOnlySpan<byte> text)
    {
        switch (text[0])
        {
            case (byte)'"':
                return LengthOfString(text);
            case (byte)'/' when text.StartsWith("//"u8):
                return text.IndexOf((byte)'\n') is var end and >= 0 ? end : text.Length;
            case (byte)'/' when text.StartsWith("/*"u8):
                return text[2..].IndexOf("*/"u8) is var close and >= 0 ? close + 4 : text.Length;
            case >= (byte)'a' and <= (byte)'z' or >= (byte)'A' and <= (byte)'Z':
                var length = text.IndexOfAnyExcept(Letters);
                var word = text[..(length < 0 ? text.Length : length)];
                return IsWord(word) ? word.Length : 0;
            default:
                return " \t\r\n,:{}[]-+.0123456789"u8.Contains(text[0]) ? 1 : 0;
        }
    }

    private static bool IsWord(ReadOnlySpan<byte> word) =>
        word.SequenceEqual("true"u8) || word.SequenceEqual("false"u8) || word.SequenceEqual("null"u8)
        || word.SequenceEqual("NaN"u8) || word.SequenceEqual("Infinity"u8) || word.SequenceEqual("e"u8) || word.SequenceEqual("E"u8);

    private static int LengthOfString(ReadOnlySpan<byte> text)
    {
        var at = 1;
        while (text[at..].IndexOfAny((byte)'"', (byte)'\\') is var next and >= 0)
        {
            at += next;
            if (text[at] == '"')
            {
                return at + 1;
            }

            at = Math.Min(at + 2, text.Length);
        }

        return text.Length;
    }
}
