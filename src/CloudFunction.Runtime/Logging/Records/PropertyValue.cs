using System.Collections;
using System.Globalization;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>Makes values of what records carry. What may change or end after the call becomes text at once.</summary>
internal static class PropertyValue
{
    private const int MaxItems = 100; // What is longer is data, and no property of a record.

    /// <summary>A number, a truth value or a moment as itself; all else as text.</summary>
    public static ScalarValue Of(object? value) => value switch
    {
        null => ScalarValue.Null,
        string or bool or int or long or double or float or decimal or uint or ulong or short or ushort or byte or sbyte or char
            or DateTime or DateTimeOffset or TimeSpan or Guid or Int128 or UInt128 => new ScalarValue(value),
        _ => new ScalarValue(TextOf(value)),
    };

    private static string TextOf(object value)
    {
        try
        {
            return value switch
            {
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                IEnumerable items => string.Join(
                    ", ", items.Cast<object?>().Take(MaxItems).Select(static item => Convert.ToString(item, CultureInfo.InvariantCulture))),
                _ => value.ToString() ?? "",
            };
        }
        catch (Exception e)
        {
            return $"({value.GetType()} threw {e.GetType()})"; // It is an app's object, and a log call must not fail for it.
        }
    }
}
