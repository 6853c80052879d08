using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging.Routing;
using Microsoft.Extensions.Logging;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Records;

/// <summary>A record of a project's code, as its worker sent it.</summary>
internal sealed class WorkerEntry(LoggerRoute route, LogMessage record, ILogWindow window, int bytes)
    : LogEntry(route, EventLevel.Of((LogLevel)record.Level), window, bytes)
{
    protected override LogEvent MakeEvent()
    {
        var properties = new EventProperties(record.Properties.Count + 6);
        foreach (var (name, value) in record.Properties)
        {
            properties.Add(name, value);
        }

        if (!string.Equals(record.Category, Route.Name, StringComparison.Ordinal))
        {
            properties.Add(PropertyNames.Category, record.Category);
        }

        if (record.EventId != 0)
        {
            properties.Add(PropertyNames.EventId, record.EventId);
        }

        if (record.Function is not null)
        {
            properties.Add(PropertyNames.Function, record.Function);
        }

        if (record.InvocationId != 0)
        {
            properties.Add(PropertyNames.InvocationId, InvocationId.Format(record.InvocationId));
        }

        if (record.TraceId is not null)
        {
            properties.Add(PropertyNames.TraceId, record.TraceId);
        }

        properties.AddSource(Route);
        var exception = record.Exception is null ? null : new WorkerException(record.Exception);
        return properties.ToEvent(TimestampOf(record.UtcTicks), Level, exception, record.Message);
    }

    // A worker is a stranger's code: any number may come.
    private static DateTimeOffset TimestampOf(long utcTicks) =>
        new(Math.Clamp(utcTicks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
}
