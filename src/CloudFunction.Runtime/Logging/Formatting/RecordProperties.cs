using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>The parts of a record that have a meaning of their own.</summary>
internal static class RecordProperties
{
    /// <summary>The logger's name.</summary>
    public const string SourceContext = "SourceContext";

    /// <summary>The project that said it.</summary>
    public const string Project = "Project";

    /// <summary>The function that said it.</summary>
    public const string Function = "Function";

    /// <summary>The invocation that it was said in.</summary>
    public const string InvocationId = "InvocationId";

    /// <summary>The trace, where the record has it as a property only.</summary>
    public const string TraceId = "TraceId";

    /// <summary>The thread's number.</summary>
    public const string ThreadId = "ThreadId";

    /// <summary>The thread's name.</summary>
    public const string ThreadName = "ThreadName";

    /// <summary>Whether a property is one of those with a field of their own, and so no extra.</summary>
    public static bool HasField(string name) => name is SourceContext or Project or Function or InvocationId or TraceId;

    /// <summary>The message. It comes formatted as one piece; any other template is rendered.</summary>
    public static string MessageOf(LogEvent record) =>
        record.MessageTemplate.Tokens is MessageTemplateToken[] { Length: 1 } tokens && tokens[0] is TextToken text
            ? text.Text
            : record.RenderMessage(CultureInfo.InvariantCulture);

    /// <summary>The record's trace, in hexadecimal; null where there is none.</summary>
    public static string? TraceIdOf(LogEvent record) => record.TraceId?.ToHexString() ?? TextOf(record, TraceId);

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
