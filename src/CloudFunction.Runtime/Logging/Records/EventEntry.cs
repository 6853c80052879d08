using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>A record that was put together where it was logged, since its values may change a moment later.</summary>
internal sealed class EventEntry(LoggerRoute route, LogEvent logEvent, ILogWindow window, int bytes)
    : LogEntry(route, logEvent.Level, window, bytes)
{
    // What the objects around the text take, roughly: the event, its dictionary and four properties.
    private const int FixedBytes = 768;

    // An exception is put into words later; most have a stack of some dozen lines.
    private const int ExceptionBytes = 4 * 1024;

    /// <summary>About how much memory an event takes.</summary>
    public static int Measure(LogEvent logEvent) =>
        FixedBytes + (logEvent.MessageTemplate.Text.Length * sizeof(char)) + (logEvent.Exception is null ? 0 : ExceptionBytes);

    protected override LogEvent MakeEvent() => logEvent;
}
