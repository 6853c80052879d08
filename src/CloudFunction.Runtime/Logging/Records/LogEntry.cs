using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>A record on its way to its files. Its text is put together by who writes it, not by who logs it.</summary>
/// <param name="route">Where it goes.</param>
/// <param name="level">Its level.</param>
/// <param name="window">Where it takes room until it is written or dropped.</param>
/// <param name="bytes">How much room.</param>
internal abstract class LogEntry(LoggerRoute route, LogEventLevel level, ILogWindow window, int bytes)
{
    private LogEvent? _event;

    public LoggerRoute Route => route;

    public LogEventLevel Level => level;

    public int Bytes => bytes;

    /// <summary>Its event. Made when asked for; by two threads at once it may be made twice.</summary>
    public LogEvent Event => _event ??= MakeEvent();

    /// <summary>It was written or dropped. Called once.</summary>
    public void Release() => window.Release(bytes);

    /// <summary>Puts it together.</summary>
    protected abstract LogEvent MakeEvent();
}
