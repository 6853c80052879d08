using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Logging.Records;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>
/// Writes a record as one line, by a format that is taken apart once; an exception follows on lines of its own, each indented. Whatever a
/// record holds, it cannot begin a line that passes for another record. Thread safe.
/// </summary>
internal sealed class StandardFormatter : ITextFormatter
{
    /// <summary>The format of a formatter that names none, as in Python.</summary>
    public const string DefaultFormat = "%(message)s";

    // What Python calls the one process of a program.
    private const string ProcessName = "MainProcess";

    private readonly FormatPart[] _parts;
    private readonly string _format;
    private readonly DateFormat? _dateFormat;
    private readonly RecordClock _clock;

    /// <summary>Takes a format that has been taken apart.</summary>
    /// <param name="format">As the logging file has it.</param>
    /// <param name="parts">Its parts, from <see cref="PercentFormat"/>.</param>
    /// <param name="dateFormat">How <c>asctime</c> is written; null: as <c>2026-01-31 08:15:30,123</c>.</param>
    /// <param name="time">Whose local time zone it is.</param>
    public StandardFormatter(string format, IReadOnlyList<FormatPart> parts, DateFormat? dateFormat, TimeProvider time)
    {
        _format = format;
        _parts = [.. parts];
        _dateFormat = dateFormat;
        _clock = new RecordClock(dateFormat, time);
    }

    /// <summary>A formatter of a format that is known to be right.</summary>
    /// <exception cref="ArgumentException">It is not.</exception>
    public static StandardFormatter Create(string format, TimeProvider time)
    {
        var parts = PercentFormat.Parse(format, out var errors);
        return errors.Count == 0
            ? new StandardFormatter(format, parts, dateFormat: null, time)
            : throw new ArgumentException(errors[0], nameof(format));
    }

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        foreach (ref readonly var part in _parts.AsSpan())
        {
            Write(part, logEvent, output);
        }

        output.Write('\n');
        if (logEvent.Exception is { } exception)
        {
            SafeText.WriteIndented(output, exception.ToString());
        }
    }

    /// <summary>The format, and how the time is written where that is set.</summary>
    public override string ToString() => _dateFormat is null ? _format : $"{_format} ({_dateFormat})";

    private void Write(in FormatPart part, LogEvent record, TextWriter output)
    {
        var layout = part.Layout;
        switch (part.Field)
        {
            case FormatField.Literal:
                output.Write(part.Literal);
                break;
            case FormatField.Time:
                WriteTime(layout, record.Timestamp, output);
                break;
            case FormatField.LoggerName:
                WriteProperty(layout, record, PropertyNames.SourceContext, output);
                break;
            case FormatField.LevelName:
                layout.Write(output, LevelNames.Of(record.Level));
                break;
            case FormatField.LevelNumber:
                layout.Write(output, LevelNames.NumberOf(record.Level));
                break;
            case FormatField.Message:
                layout.Write(output, RecordProperties.MessageOf(record));
                break;
            case FormatField.Milliseconds:
                layout.Write(output, (double)RecordClock.MillisecondsOf(record.Timestamp));
                break;
            case FormatField.Created:
                layout.Write(output, RecordClock.SecondsOf(record.Timestamp));
                break;
            case FormatField.ProcessId:
                layout.Write(output, Environment.ProcessId);
                break;
            case FormatField.ProcessName:
                layout.Write(output, ProcessName);
                break;
            case FormatField.ThreadId when RecordProperties.ValueOf(record, PropertyNames.ThreadId) is int or long:
                layout.Write(output, Convert.ToInt64(RecordProperties.ValueOf(record, PropertyNames.ThreadId), null));
                break;
            case FormatField.ThreadId:
                WriteProperty(layout, record, PropertyNames.ThreadId, output);
                break;
            case FormatField.ThreadName:
                WriteProperty(layout, record, PropertyNames.ThreadName, output);
                break;
            case FormatField.Project:
                WriteProperty(layout, record, PropertyNames.Project, output);
                break;
            case FormatField.Function:
                WriteProperty(layout, record, PropertyNames.Function, output);
                break;
            case FormatField.InvocationId:
                WriteProperty(layout, record, PropertyNames.InvocationId, output);
                break;
            case FormatField.TraceId:
                layout.Write(output, RecordProperties.TraceIdOf(record) ?? "");
                break;
        }
    }

    private static void WriteProperty(FieldLayout layout, LogEvent record, string name, TextWriter output) =>
        layout.Write(output, RecordProperties.TextOf(record, name) ?? "");

    private void WriteTime(FieldLayout layout, DateTimeOffset timestamp, TextWriter output)
    {
        var second = _clock.SecondOf(timestamp);
        if (!_clock.HasMilliseconds)
        {
            layout.Write(output, second);
            return;
        }

        ReadOnlySpan<char> digits = "0123456789";
        var milliseconds = RecordClock.MillisecondsOf(timestamp);
        Span<char> behind = [',', digits[milliseconds / 100], digits[milliseconds / 10 % 10], digits[milliseconds % 10]];
        if (layout == FieldLayout.Plain)
        {
            output.Write(second);
            output.Write(behind);
        }
        else
        {
            layout.Write(output, string.Concat(second, behind));
        }
    }
}
