using System.Collections.Concurrent;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Workers;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Logging;

/// <summary>Hands what workers say to the host's logging, under <c>cloudfunction.projects.&lt;project&gt;</c>.</summary>
internal sealed class WorkerOutputLog(ILoggerFactory loggers) : IWorkerOutputSink
{
    private const string Root = "cloudfunction.projects";

    private readonly ConcurrentDictionary<string, ILogger> _projects = new(StringComparer.Ordinal);

    /// <summary>The lowest level that anybody wants of projects.</summary>
    public LogLevel MinLevel
    {
        get
        {
            var logger = loggers.CreateLogger(Root);
            var level = LogLevel.Trace;
            while (level < LogLevel.Critical && !logger.IsEnabled(level))
            {
                level++;
            }

            return level;
        }
    }

    public void Write(string project, LogMessage record, ILogWindow window, int bytes)
    {
        window.Release(bytes); // The host's logging takes what it is given, or blocks.
        var logger = LoggerOf(project);
        if (record.Dropped > 0)
        {
            WorkerOutputEvents.RecordsDropped(logger, record.Dropped);
        }

        if (logger.IsEnabled((LogLevel)record.Level))
        {
            logger.Log(
                (LogLevel)record.Level, new EventId(record.EventId), new WorkerRecord(record), exception: null, static (state, _) => state.ToString());
        }
    }

    public void WriteLine(string? project, string workerId, string line, bool isError)
    {
        var logger = LoggerOf(project);
        if (isError)
        {
            WorkerOutputEvents.ErrorLine(logger, line);
        }
        else
        {
            WorkerOutputEvents.OutputLine(logger, line);
        }
    }

    public void WriteDropped(string? project, string workerId, long lines)
    {
        var logger = LoggerOf(project);
        WorkerOutputEvents.LinesDropped(logger, lines, workerId);
    }

    private ILogger LoggerOf(string? project) => _projects.GetOrAdd(
        project ?? "", name => loggers.CreateLogger(name.Length == 0 ? Root : $"{Root}.{name}"));
}
