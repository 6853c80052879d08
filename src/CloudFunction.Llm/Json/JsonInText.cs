using System.Text;
using System.Text.Json;

namespace CloudFunction.Llm.Json;

/// <summary>Finds JSON in what a model writes around it: prose, fences, its thoughts.</summary>
internal static class JsonInText
{
    private const string EndOfThoughts = "</think>";

    // What looks like JSON and is prose is read again from its next bracket on, as long as this often of the text's length allows it.
    private const long MaxReadings = 16;

    /// <summary>The first object or array in the text that <paramref name="read"/> takes. It takes time in proportion to the text's length.</summary>
    /// <param name="text">A model's answer.</param>
    /// <param name="read">Makes a value of it, or throws <see cref="JsonException"/>.</param>
    /// <param name="value">What the first piece of JSON that is one was read as.</param>
    /// <param name="misfit">Why the first one was not taken, where none was.</param>
    /// <returns>False where none was taken.</returns>
    public static bool TryFind<T>(string text, Func<ReadOnlySpan<byte>, T?> read, out T? value, out JsonException? misfit)
    {
        // Thoughts are full of drafts; the answer is what comes behind them.
        var thoughts = text.LastIndexOf(EndOfThoughts, StringComparison.Ordinal);
        var bytes = Encoding.UTF8.GetBytes(thoughts < 0 ? text : text[(thoughts + EndOfThoughts.Length)..]).AsSpan();
        var budget = MaxReadings * bytes.Length;
        misfit = null;
        while (bytes.IndexOfAny((byte)'{', (byte)'[') is var start and >= 0)
        {
            bytes = bytes[start..];
            var extent = JsonExtent.Of(bytes);
            if (extent.IsProse)
            {
                budget -= extent.Length;
                bytes = bytes[(budget > 0 ? 1 : extent.Length)..];
                continue;
            }

            if (!extent.IsClosed)
            {
                break; // What is inside of a value that was cut is a part of it, and not the answer.
            }

            try
            {
                value = read(bytes[..extent.Length]);
                if (value is not null)
                {
                    return true;
                }
            }
            catch (JsonException exception)
            {
                misfit ??= exception;
            }

            bytes = bytes[extent.Length..]; // The same holds for one that does not fit, or that is broken.
        }

        value = default;
        return false;
    }
}
