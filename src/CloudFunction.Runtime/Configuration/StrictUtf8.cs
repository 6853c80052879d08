using System.Buffers;
using System.Text.Unicode;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Reads text that has to be UTF-8.</summary>
internal static class StrictUtf8
{
    /// <summary>The text, with its byte order mark if it has one; null where it is not UTF-8.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="line">Of the first byte that is wrong, from 1.</param>
    /// <param name="column">Likewise, in characters.</param>
    public static string? TryDecode(ReadOnlySpan<byte> bytes, out int line, out int column)
    {
        var characters = new char[bytes.Length];
        var isText = Utf8.ToUtf16(bytes, characters, out _, out var length, replaceInvalidSequences: false) == OperationStatus.Done;
        var text = characters.AsSpan(0, length);
        line = 1;
        column = 1;
        if (isText)
        {
            return text.ToString();
        }

        for (var i = 0; i < text.Length; i++)
        {
            var isLineEnd = text[i] == '\n' || (text[i] == '\r' && text[(i + 1)..] is not ['\n', ..]);
            (line, column) = isLineEnd ? (line + 1, 1) : (line, column + 1);
        }

        return null;
    }
}
