using System.Globalization;
using CloudFunction.Runtime.Logging.Records;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Writes a record as one line of JSON, with the keys in <see cref="Keys"/>; those that it has nothing for are left
/// out. Thread safe.</summary>
internal sealed class JsonFormatter : ITextFormatter
{
    private const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>The keys, in their order. <c>extra</c> is an object of all other properties.</summary>
    public static IReadOnlyList<string> Keys { get; } =
        ["timestamp", "level", "message", "logger", "project", "function", "invocation_id", "trace_id", "exception", "extra"];

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        Span<char> timestamp = stackalloc char[24];
        logEvent.Timestamp.UtcDateTime.TryFormat(timestamp, out _, TimestampFormat, CultureInfo.InvariantCulture);
        output.Write("{\"timestamp\":\"");
        output.Write(timestamp);
        output.Write("\",\"level\":\"");
        output.Write(LevelNames.Of(logEvent.Level));
        output.Write("\",\"message\":");
        JsonText.Write(output, RecordProperties.MessageOf(logEvent));
        Write(output, ",\"logger\":", RecordProperties.TextOf(logEvent, PropertyNames.SourceContext));
        Write(output, ",\"project\":", RecordProperties.TextOf(logEvent, PropertyNames.Project));
        Write(output, ",\"function\":", RecordProperties.TextOf(logEvent, PropertyNames.Function));
        Write(output, ",\"invocation_id\":", RecordProperties.TextOf(logEvent, PropertyNames.InvocationId));
        Write(output, ",\"trace_id\":", RecordProperties.TraceIdOf(logEvent));
        Write(output, ",\"exception\":", logEvent.Exception?.ToString());
        WriteExtra(output, logEvent);
        output.Write("}\n");
    }

    /// <inheritdoc/>
    public override string ToString() => "JSON";

    private static void Write(TextWriter output, string key, string? value)
    {
        if (value is not null)
        {
            output.Write(key);
            JsonText.Write(output, value);
        }
    }

    private static void WriteExtra(TextWriter output, LogEvent record)
    {
        var isFirst = true;
        foreach (var (name, value) in record.Properties)
        {
            if (PropertyNames.HasField(name))
            {
                continue;
            }

            output.Write(isFirst ? ",\"extra\":{" : ",");
            isFirst = false;
            JsonText.Write(output, name);
            output.Write(':');
            JsonValue.Write(output, value);
        }

        if (!isFirst)
        {
            output.Write('}');
        }
    }
}
