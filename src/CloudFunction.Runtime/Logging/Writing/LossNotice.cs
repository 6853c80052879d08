using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging.Writing;

/// <summary>The record of those that are missing in a log.</summary>
internal static class LossNotice
{
    /// <summary>The record that stands for the lost ones.</summary>
    public static LogEvent Make(LoggerRoute route, long count, string why, DateTimeOffset now)
    {
        var properties = new EventProperties(3);
        properties.Add("Dropped", count);
        properties.AddSource(route);
        return properties.ToEvent(now, LogEventLevel.Warning, null, $"Dropped {count} {(count == 1 ? "record" : "records")}: {why}");
    }
}
