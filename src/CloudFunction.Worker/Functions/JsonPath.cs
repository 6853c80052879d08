using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CloudFunction.Worker.Functions;

/// <summary>Places in a JSON text, written as the serializer does.</summary>
internal static class JsonPath
{
    private static readonly SearchValues<char> Signs = SearchValues.Create(" .'/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    /// <summary>The step to a member.</summary>
    public static string Step(string name) => name.AsSpan().ContainsAny(Signs)
        ? $"['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']"
        : $".{name}";

    /// <summary>The step to an item of an array.</summary>
    public static string Step(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    /// <summary>The path of the value that has the byte at <paramref name="offset"/>; of a name, the path of its object. Where the text is broken
    /// before that, the path of the break.</summary>
    public static string At(ReadOnlySpan<byte> payload, long offset, in JsonReaderOptions options)
    {
        var reader = new Utf8JsonReader(payload, options);
        var levels = new Stack<(bool IsObject, int Index, string Step)>();
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
                {
                    levels.Pop();
                }
                else if (reader.TokenType == JsonTokenType.PropertyName)
                {
                    levels.Pop();
                    levels.Push((true, 0, reader.BytesConsumed > offset ? "" : Step(NameOf(ref reader))));
                }
                else if (levels.TryPeek(out var level) && !level.IsObject)
                {
                    levels.Pop();
                    levels.Push((false, level.Index + 1, Step(level.Index + 1)));
                }

                if (reader.BytesConsumed > offset)
                {
                    break;
                }

                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
                {
                    levels.Push((reader.TokenType == JsonTokenType.StartObject, -1, ""));
                }
            }
        }
        catch (JsonException)
        {
            // What was read so far is the path.
        }

        return "$" + string.Concat(levels.Reverse().Select(level => level.Step));
    }

    // A name may hold what is no text, which the reader refuses to decode.
    private static string NameOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
