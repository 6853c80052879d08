using System.Buffers;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Writes text with some of its characters escaped.</summary>
internal static class SuspectText
{
    /// <summary>Writes a text; surrogates are escaped where they lack a partner.</summary>
    public static void Write(TextWriter output, ReadOnlySpan<char> text, SearchValues<char> suspects, Action<TextWriter, char> escape)
    {
        for (var index = text.IndexOfAny(suspects); index >= 0; index = text.IndexOfAny(suspects))
        {
            var isPair = index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]);
            output.Write(isPair ? text[..(index + 2)] : text[..index]);
            if (!isPair)
            {
                escape(output, text[index]);
            }

            text = text[(index + (isPair ? 2 : 1))..];
        }

        output.Write(text);
    }
}
