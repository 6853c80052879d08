using System.Collections;
using System.Globalization;
using System.Text;
using CloudFunction.Worker.Functions;

namespace CloudFunction.Worker.Session;

/// <summary>Turns what a record holds into what travels: numbers and booleans stay what they are, all else becomes text. What it calls is the
/// user's code; a record is no reason to fail a function, so what that throws becomes the text.</summary>
internal static class LogValue
{
    // What a record keeps of a value is about as long: more would be made to be thrown away, and a sequence need not have an end.
    private const int MaxSequenceLength = 4 * 1024;

    /// <summary>The value as a string, long, double, bool or decimal, or null.</summary>
    public static object? Of(object? value) => value switch
    {
        null or string or long or double or bool or decimal => value,
        ulong and > long.MaxValue => Convert.ToDecimal(value, CultureInfo.InvariantCulture),
        int or short or sbyte or byte or ushort or uint or ulong => Convert.ToInt64(value, CultureInfo.InvariantCulture),

        // By way of its text: 0.1f is 0.1 to its reader, not 0.10000000149.
        float single => double.Parse(single.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture),
        _ => TextOf(value),
    };

    /// <summary>The value as text, independent of the culture.</summary>
    public static string TextOf(object value)
    {
        try
        {
            return value switch
            {
                string text => text,
                DateTime or DateTimeOffset => ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture),
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                IEnumerable sequence when value.GetType().GetMethod(nameof(ToString), Type.EmptyTypes)?.DeclaringType == typeof(object) =>
                    Join(sequence),
                _ => value.ToString() ?? "",
            };
        }
        catch (Exception e)
        {
            return $"({value.GetType()} has no text: {e.GetType()}: {InvocationFailure.MessageOf(e)})";
        }
    }

    /// <summary>Type, message and stack; null of null.</summary>
    public static string? TextOf(Exception? exception)
    {
        try
        {
            return exception?.ToString();
        }
        catch (Exception e)
        {
            // The stack that an override of it has lost is still there.
            return $"{exception!.GetType()}: (ToString failed: {e.GetType()})\n{exception.StackTrace}";
        }
    }

    private static string Join(IEnumerable sequence)
    {
        var text = new StringBuilder();
        foreach (var item in sequence)
        {
            text.Append(text.Length == 0 ? "" : ", ").Append(item is null ? "(null)" : TextOf(item));
            if (text.Length > MaxSequenceLength)
            {
                break;
            }
        }

        return text.ToString();
    }
}
