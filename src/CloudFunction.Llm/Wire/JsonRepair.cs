using System.Buffers;

namespace CloudFunction.Llm.Wire;

/// <summary>What other JSON writers let pass and .NET's reader does not take: numbers that are none, control characters in texts, and values that
/// are nested deeper than any answer's own.</summary>
internal static class JsonRepair
{
    // The SDK reads 64 levels; an answer's own members have fewer than ten.
    private const int MaxDepth = 40;

    /// <summary>The JSON with null for such numbers and values, and spaces for control characters.</summary>
    public static ReadOnlyMemory<byte> Of(ReadOnlySpan<byte> json)
    {
        var repaired = new ArrayBufferWriter<byte>(json.Length + 16);
        var (depth, isInText) = (0, false);
        for (var at = 0; at < json.Length; at++)
        {
            var character = json[at];
            var length = isInText ? 0 : LengthOfNumber(json[at..]);
            var isDeep = depth > MaxDepth;
            if (isInText)
            {
                isInText = character != '"';
                character = character < ' ' ? (byte)' ' : character;
                if (character == '\\' && at + 1 < json.Length)
                {
                    Write(json.Slice(at++, 2), isDeep);
                    continue;
                }
            }
            else if (length > 0)
            {
                Write("null"u8, isDeep);
                at += length - 1;
                continue;
            }
            else if (character is (byte)'{' or (byte)'[')
            {
                isDeep = ++depth > MaxDepth;
                if (depth == MaxDepth + 1)
                {
                    Write("null"u8, isLeftOut: false);
                }
            }
            else if (character is (byte)'}' or (byte)']')
            {
                depth--;
            }
            else
            {
                isInText = character == '"';
            }

            Write([character], isDeep);
        }

        return repaired.WrittenMemory;

        void Write(ReadOnlySpan<byte> bytes, bool isLeftOut)
        {
            if (!isLeftOut)
            {
                repaired.Write(bytes);
            }
        }
    }

    private static int LengthOfNumber(ReadOnlySpan<byte> json) =>
        json.StartsWith("NaN"u8) ? 3 : json.StartsWith("Infinity"u8) ? 8 : json.StartsWith("-Infinity"u8) ? 9 : 0;
}
