using System.Collections.Concurrent;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using Microsoft.Extensions.Logging;
using Serilog.Events;

namespace CloudFunction.Runtime.Logging;

/// <summary>Writes the records and output of workers to the logs of their projects, under <c>cloudfunction.projects.&lt;project&gt;</c>.</summary>
internal sealed class WorkerOutputLog(LogPipeline pipeline, TimeProvider time) : IWorkerOutputSink
{
    private readonly ConcurrentDictionary<string, RouteCache> _projects = new(StringComparer.Ordinal);
    private readonly RouteCache _workers = new(pipeline, LoggerName.Workers);

    public void Write(string project, LogMessage record, ILogWindow window, int bytes)
    {
        var route = RouteOf(project);
        if (record.Dropped > 0)
        {
            Write(
                route,
                LogEventLevel.Warning,
                $"Dropped {record.Dropped} log records: they came faster than the host could take them",
                "Dropped",
                record.Dropped);
        }

        if (route.IsEnabled(EventLevel.Of((LogLevel)record.Level)))
        {
            pipeline.Emit(new WorkerEntry(route, record, window, bytes));
        }
        else
        {
            window.Release(bytes);
        }
    }

    public void WriteLine(string? project, string workerId, string line, bool isError) =>
        Write(RouteOf(project), isError ? LogEventLevel.Error : LogEventLevel.Information, line, "WorkerId", workerId);

    public void WriteDropped(string? project, string workerId, long lines) => Write(
        RouteOf(project), LogEventLevel.Warning, $"Dropped {lines} lines of the output of worker {workerId}: they came too fast", "WorkerId",
        workerId);

    private void Write(LoggerRoute route, LogEventLevel level, string message, string name, object value)
    {
        if (route.IsEnabled(level))
        {
            var properties = new EventProperties(3);
            properties.Add(name, value);
            properties.AddSource(route);
            pipeline.Emit(route, properties.ToEvent(time.GetUtcNow(), level, null, message));
        }
    }

    // A worker that waits for a project has none yet.
    private LoggerRoute RouteOf(string? project) =>
        (project is null ? _workers : _projects.GetOrAdd(project, name => new RouteCache(pipeline, LoggerName.OfProject(name)))).Current;
}
