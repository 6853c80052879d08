using Microsoft.Extensions.Logging;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>The two ways to name a level.</summary>
internal static class EventLevel
{
    /// <summary>Serilog's name; the numbers are the same, and what is beyond them is the nearest.</summary>
    public static LogEventLevel Of(LogLevel level) => (LogEventLevel)Math.Clamp((int)level, (int)LogEventLevel.Verbose, (int)LogEventLevel.Fatal);

    /// <summary>The name in Microsoft.Extensions.Logging.</summary>
    public static LogLevel ToLogLevel(LogEventLevel level) => (LogLevel)(int)level;
}
