using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Logging.Writing;
using Serilog.Events;
using static CloudFunction.Runtime.Tests.Logging.Fakes.LoggingConfigurations;

namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>A pipeline whose records are kept as they reach their file.</summary>
internal sealed class CapturedLog : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly CapturingFormatter _formatter = new();

    public CapturedLog(LogEventLevel level = LogEventLevel.Verbose) => Pipeline = new LogPipeline(
        Of([File("all", _directory.Combine("all.log"), formatter: _formatter)], Rule("root", level, false, "all")),
        new PipelineScope(true, []), ConsoleWriters.Process, TimeProvider.System);

    public LogPipeline Pipeline { get; }

    /// <summary>All records so far.</summary>
    public async Task<LogEvent[]> EventsAsync()
    {
        await Pipeline.FlushAsync();
        return [.. _formatter.Events];
    }

    /// <summary>The values of a record's properties, by name.</summary>
    public static Dictionary<string, object?> ValuesOf(LogEvent logEvent) =>
        logEvent.Properties.ToDictionary(property => property.Key, property => ((ScalarValue)property.Value).Value);

    public void Dispose()
    {
        Pipeline.Dispose();
        _directory.Dispose();
    }
}
