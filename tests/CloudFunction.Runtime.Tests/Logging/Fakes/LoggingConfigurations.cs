using CloudFunction.Runtime.Logging.Configuration;
using Serilog.Events;
using Serilog.Formatting;

namespace CloudFunction.Runtime.Tests.Logging.Fakes;

/// <summary>Configurations as tests write them down.</summary>
internal static class LoggingConfigurations
{
    public static FileHandlerConfiguration File(
        string name, string path, LogEventLevel level = LogEventLevel.Verbose, ITextFormatter? formatter = null, long maxBytes = 0,
        int backupCount = 0) =>
        new(name, formatter ?? new PlainFormatter(), level, path, path.Contains("{project_name}", StringComparison.Ordinal), maxBytes, backupCount);

    public static StreamHandlerConfiguration Console(LogEventLevel level = LogEventLevel.Verbose, bool isError = false) =>
        new("console", new PlainFormatter(), level, isError);

    public static LoggerRule Rule(string name, LogEventLevel? level, bool propagate, params string[] handlers) =>
        new(name, level, handlers, propagate);

    public static LoggingConfiguration Of(IEnumerable<HandlerConfiguration> handlers, LoggerRule root, params LoggerRule[] loggers) => new(
        handlers.ToDictionary(handler => handler.Name), root, loggers.ToDictionary(rule => rule.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>One file for the host, one for each project.</summary>
    public static LoggingConfiguration Usual(
        TemporaryDirectory directory, LogEventLevel level = LogEventLevel.Information, ITextFormatter? formatter = null, long maxBytes = 0,
        int backupCount = 0) => Of(
        [
            File("server", directory.Combine("server.log"), formatter: formatter),
            File("app", directory.Combine("{project_name}", "app.log"), formatter: formatter, maxBytes: maxBytes, backupCount: backupCount),
        ],
        Rule("root", level, false, "server"),
        Rule("cloudfunction.projects", level, false, "app"));
}
