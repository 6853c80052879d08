using System.Collections.Concurrent;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>Keeps the records that reach it.</summary>
internal sealed class CapturingFormatter : ITextFormatter
{
    public ConcurrentQueue<LogEvent> Events { get; } = new();

    public void Format(LogEvent logEvent, TextWriter output) => Events.Enqueue(logEvent);
}
