using System.Text;
using System.Text.Json;

namespace CloudFunction.Llm.Json;

/// <summary>Finds JSON in what a model writes around it: prose, fences, its thoughts.</summary>
internal static class JsonInText
{
    private const string EndOfThoughts = "</think>";

    /// <summary>The first object or array in the text that <paramref name="read"/> takes.</summary>
    /// <param name="text">A model's answer.</param>
    /// <param name="read">Makes a value of it, or throws <see cref="JsonException"/>.</param>
    /// <param name="value">What the first piece of JSON that is one was read as.</param>
    /// <param name="misfit">Why the first one was not taken, where none was.</param>
    /// <returns>False where none was taken.</returns>
    public static bool TryFind<T>(string text, Func<ReadOnlySpan<byte>, T?> read, out T? value, out JsonException? misfit)
    {
        // Thoughts are full of drafts; the answer is what comes behind them.
        var thoughts = text.LastIndexOf(EndOfThoughts, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(thoughts < 0 ? text : text[(thoughts + EndOfThoughts.Length)..]);
        misfit = null;
        for (var start = 0; start < bytes.Length;)
        {
            var next = bytes.AsSpan(start).IndexOfAny((byte)'{', (byte)'[');
            if (next < 0)
            {
                break;
            }

            start += next;
            var length = LengthOfValue(bytes.AsSpan(start));
            if (length == 0)
            {
                start++;
                continue;
            }

            try
            {
                value = read(bytes.AsSpan(start, length));
                if (value is not null)
                {
                    return true;
                }
            }
            catch (JsonException exception)
            {
                misfit ??= exception;
            }

            start += length; // What is inside of a value is a part of it, and not the answer.
        }

        value = default;
        return false;
    }

    // 0 where no whole value begins here. It is bounded by the reader's depth of 64 and ends at the first byte that is no JSON.
    private static int LengthOfValue(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
        try
        {
            return reader.Read() && reader.TrySkip() ? (int)reader.BytesConsumed : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
