namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>The keys of a logging file: those of Python's <c>logging.config.dictConfig</c>, in the order of the documentation.</summary>
internal static class LoggingSchema
{
    /// <summary>Of the file itself.</summary>
    public static IReadOnlyList<string> Top { get; } =
        ["version", "disable_existing_loggers", "incremental", "formatters", "handlers", "loggers", "root"];

    /// <summary>Of a formatter.</summary>
    public static IReadOnlyList<string> Formatter { get; } = ["format", "datefmt", "style", "validate", "class", "()"];

    /// <summary>Of a handler of the console.</summary>
    public static IReadOnlyList<string> Stream { get; } = ["class", "formatter", "level", "stream"];

    /// <summary>Of a handler of a file that does not rotate.</summary>
    public static IReadOnlyList<string> File { get; } = ["class", "formatter", "level", "filename", "encoding", "mode", "delay"];

    /// <summary>Of a handler of a file that rotates.</summary>
    public static IReadOnlyList<string> RotatingFile { get; } = [.. File, "maxBytes", "backupCount"];

    /// <summary>Of a logger.</summary>
    public static IReadOnlyList<string> Logger { get; } = ["level", "handlers", "propagate"];

    /// <summary>Of any handler.</summary>
    public static IReadOnlyList<string> Handler { get; } = [.. Stream, .. RotatingFile.Except(Stream)];
}
