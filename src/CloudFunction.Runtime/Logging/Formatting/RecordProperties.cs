using System.Globalization;
using CloudFunction.Runtime.Logging.Records;
using Serilog.Events;
using Serilog.Parsing;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Reads what a record holds.</summary>
internal static class RecordProperties
{
    /// <summary>The message. It comes formatted as one piece; any other template is rendered.</summary>
    public static string MessageOf(LogEvent record) =>
        record.MessageTemplate.Tokens is MessageTemplateToken[] { Length: 1 } tokens && tokens[0] is TextToken text
            ? text.Text
            : record.RenderMessage(CultureInfo.InvariantCulture);

    /// <summary>The record's trace, in hexadecimal; null where there is none.</summary>
    public static string? TraceIdOf(LogEvent record) => record.TraceId?.ToHexString() ?? TextOf(record, PropertyNames.TraceId);

    /// <summary>A property as text; null where there is none.</summary>
    public static string? TextOf(LogEvent record, string name) => ValueOf(record, name) switch
    {
        null => null,
        string text => text,
        var value => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    /// <summary>A property's bare value; null where there is none.</summary>
    public static object? ValueOf(LogEvent record, string name) =>
        record.Properties.TryGetValue(name, out var value) ? value is ScalarValue scalar ? scalar.Value : value : null;
}
