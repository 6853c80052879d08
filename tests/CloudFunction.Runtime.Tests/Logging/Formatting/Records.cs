using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace CloudFunction.Runtime.Tests.Logging.Formatting;

/// <summary>Log records as the pipeline makes them, and what a formatter writes for them.</summary>
internal static class Records
{
    public static readonly DateTimeOffset Time = new(2026, 1, 31, 23, 15, 30, 7, TimeSpan.Zero);

    public static LogEvent Create(
        string message, LogEventLevel level = LogEventLevel.Information, Exception? exception = null,
        params (string Name, object? Value)[] properties) =>
        new(
            Time,
            level,
            exception,
            new MessageTemplate(message, [new TextToken(message)]),
            properties.Select(
                property => new LogEventProperty(property.Name, property.Value as LogEventPropertyValue ?? new ScalarValue(property.Value))));

    public static string Write(this ITextFormatter formatter, LogEvent record)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Format(record, output);
        return output.ToString();
    }
}
