using System.Globalization;
using System.Numerics;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Writes the values of properties as JSON. Numbers and booleans stay what they are, where JSON has them.</summary>
internal static class JsonValue
{
    // Deeper than any record that a person made; beyond it the value is cut.
    private const int MaxDepth = 16;

    /// <summary>Writes a value.</summary>
    public static void Write(TextWriter output, LogEventPropertyValue value) => Write(output, value, depth: 0);

    private static void Write(TextWriter output, LogEventPropertyValue value, int depth)
    {
        if (depth == MaxDepth)
        {
            JsonText.Write(output, "…");
            return;
        }

        switch (value)
        {
            case ScalarValue scalar:
                WriteScalar(output, scalar.Value);
                break;
            case SequenceValue sequence:
                var separator = "[";
                foreach (var element in sequence.Elements)
                {
                    output.Write(separator);
                    Write(output, element, depth + 1);
                    separator = ",";
                }

                output.Write(separator == "[" ? "[]" : "]");
                break;
            case StructureValue structure:
                separator = "{";
                foreach (var property in structure.Properties)
                {
                    WriteEntry(output, separator, property.Name, property.Value, depth);
                    separator = ",";
                }

                output.Write(separator == "{" ? "{}" : "}");
                break;
            case DictionaryValue dictionary:
                separator = "{";
                foreach (var (key, element) in dictionary.Elements)
                {
                    WriteEntry(
                        output, separator, key.Value is { } name ? Convert.ToString(name, CultureInfo.InvariantCulture)! : "null", element, depth);
                    separator = ",";
                }

                output.Write(separator == "{" ? "{}" : "}");
                break;
            default:
                JsonText.Write(output, value.ToString());
                break;
        }
    }

    private static void WriteEntry(TextWriter output, string separator, string name, LogEventPropertyValue value, int depth)
    {
        output.Write(separator);
        JsonText.Write(output, name);
        output.Write(':');
        Write(output, value, depth + 1);
    }

    private static void WriteScalar(TextWriter output, object? value)
    {
        switch (value)
        {
            case null:
                output.Write("null");
                break;
            case bool boolean:
                output.Write(boolean ? "true" : "false");
                break;
            case string text:
                JsonText.Write(output, text);
                break;
            case double number when double.IsFinite(number):
                WriteNumber(output, number);
                break;
            case float number when float.IsFinite(number):
                WriteNumber(output, number);
                break;
            case int number:
                WriteNumber(output, number);
                break;
            case long number:
                WriteNumber(output, number);
                break;
            case byte or sbyte or short or ushort or uint or ulong or nint or nuint or decimal or Int128 or UInt128 or BigInteger:
                output.Write(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture));
                break;
            case DateTime or DateTimeOffset or DateOnly or TimeOnly:
                JsonText.Write(output, ((IFormattable)value).ToString("O", CultureInfo.InvariantCulture));
                break;
            default:
                JsonText.Write(output, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void WriteNumber<T>(TextWriter output, T number)
        where T : ISpanFormattable
    {
        // The longest of these, a double such as -2.2250738585072014E-308, has 24.
        Span<char> digits = stackalloc char[32];
        number.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture);
        output.Write(digits[..length]);
    }
}
