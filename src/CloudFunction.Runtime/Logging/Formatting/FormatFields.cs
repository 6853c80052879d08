namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>The names that a format may have between <c>%(</c> and <c>)</c>.</summary>
internal static class FormatFields
{
    /// <summary>Each name with what it stands for, in the order of the documentation.</summary>
    public static IReadOnlyDictionary<string, FormatField> All { get; } = new OrderedDictionary<string, FormatField>(StringComparer.Ordinal)
    {
        ["asctime"] = FormatField.Time,
        ["levelname"] = FormatField.LevelName,
        ["levelno"] = FormatField.LevelNumber,
        ["name"] = FormatField.LoggerName,
        ["message"] = FormatField.Message,
        ["msecs"] = FormatField.Milliseconds,
        ["created"] = FormatField.Created,
        ["process"] = FormatField.ProcessId,
        ["processName"] = FormatField.ProcessName,
        ["thread"] = FormatField.ThreadId,
        ["threadName"] = FormatField.ThreadName,
        ["project"] = FormatField.Project,
        ["function"] = FormatField.Function,
        ["invocation_id"] = FormatField.InvocationId,
        ["trace_id"] = FormatField.TraceId,
    };

    /// <summary>Names that Python's logging has and a record here has nothing for.</summary>
    public static IReadOnlyList<string> Unavailable { get; } =
        ["module", "funcName", "lineno", "pathname", "filename", "relativeCreated", "taskName", "exc_info", "exc_text", "stack_info", "args", "msg"];

    /// <summary>Whether a field is a number, so that <c>%d</c> and <c>%f</c> can write it.</summary>
    public static bool IsNumber(FormatField field) =>
        field is FormatField.LevelNumber or FormatField.Milliseconds or FormatField.Created or FormatField.ProcessId or FormatField.ThreadId;
}
