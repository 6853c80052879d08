using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Formatting;

/// <summary>Levels as Python's logging names and numbers them.</summary>
internal static class LevelNames
{
    /// <summary>What may be written, for error messages.</summary>
    public const string Allowed = "DEBUG, INFO, WARNING (or WARN), ERROR, CRITICAL (or FATAL) and NOTSET, or 10, 20, 30, 40, 50 and 0";

    /// <summary>The name that is printed. There is none below DEBUG.</summary>
    public static string Of(LogEventLevel level) => level switch
    {
        LogEventLevel.Information => "INFO",
        LogEventLevel.Warning => "WARNING",
        LogEventLevel.Error => "ERROR",
        LogEventLevel.Fatal => "CRITICAL",
        _ => "DEBUG",
    };

    /// <summary>The number that goes with the name.</summary>
    public static int NumberOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Information => 20,
        LogEventLevel.Warning => 30,
        LogEventLevel.Error => 40,
        LogEventLevel.Fatal => 50,
        _ => 10,
    };

    /// <summary>Understands a name in any case, or a number.</summary>
    public static bool TryParse(string text, out LogEventLevel? level)
    {
        (var isKnown, level) = text.ToUpperInvariant() switch
        {
            "NOTSET" or "0" => (true, null),
            "DEBUG" or "10" => (true, LogEventLevel.Debug),
            "INFO" or "20" => (true, LogEventLevel.Information),
            "WARNING" or "WARN" or "30" => (true, LogEventLevel.Warning),
            "ERROR" or "40" => (true, LogEventLevel.Error),
            "CRITICAL" or "FATAL" or "50" => (true, LogEventLevel.Fatal),
            _ => (false, default(LogEventLevel?)),
        };
        return isKnown;
    }
}
