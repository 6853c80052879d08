using CloudFunction.Runtime.Logging.Formatting;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Logging.Configuration;

/// <summary>What is written where unless a logging file sets it: the console, the server's files, and files for each project.</summary>
internal static class DefaultLogging
{
    /// <summary>How a line of the console and of most files is written.</summary>
    public const string Format = "%(asctime)s [%(levelname)s] %(name)s: %(message)s";

    private const long MaxBytes = 10 << 20;
    private const int BackupCount = 5;

    /// <summary>Makes it.</summary>
    /// <param name="paths">Where the files are.</param>
    /// <param name="level">What all loggers let through.</param>
    /// <param name="time">Whose local time zone times are written in.</param>
    public static LoggingConfiguration Create(LoggingPaths paths, LogEventLevel level, TimeProvider time)
    {
        var standard = StandardFormatter.Create(Format, time);
        HandlerConfiguration[] handlers =
        [
            new StreamHandlerConfiguration("console", standard, LogEventLevel.Verbose, IsError: false),
            File("server", standard, LogEventLevel.Verbose, "server.log"),
            File("error", standard, LogEventLevel.Error, "error.log"),
            File("project_log_template", standard, LogEventLevel.Verbose, "projects", LogFilePath.Project, "app.log"),
            File("project_error_template", standard, LogEventLevel.Error, "projects", LogFilePath.Project, "error.log"),
            File("project_json_template", new JsonFormatter(), LogEventLevel.Verbose, "projects", LogFilePath.Project, "json.log"),
        ];
        LoggerRule[] loggers =
        [
            new("cloudfunction", level, ["console", "server", "error"], Propagate: false),
            new(LoggerReader.ProjectsName, level, ["project_log_template", "project_error_template", "project_json_template"], Propagate: false),
        ];
        return new LoggingConfiguration(
            handlers.ToDictionary(handler => handler.Name, StringComparer.Ordinal),
            new LoggerRule(LoggerReader.RootName, level, ["console", "server", "error"], Propagate: false),
            loggers.ToDictionary(logger => logger.Name, StringComparer.OrdinalIgnoreCase));

        FileHandlerConfiguration File(string name, ITextFormatter formatter, LogEventLevel from, params string[] parts) => new(
            name, formatter, from, Path.GetFullPath(Path.Combine(parts), paths.LogDirectory), IsPerProject: parts.Contains(LogFilePath.Project),
            MaxBytes, BackupCount);
    }
}
