using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Tests.Logging.Configuration;
using CloudFunction.Runtime.Tests.Logging.Formatting;
using Microsoft.Extensions.Time.Testing;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.OldFiles;

/// <summary>Logging files, which the old system reads with Python's <c>dictConfig</c>.</summary>
internal static class LoggingFileTables
{
    private const string Formatter =
        "version: 1\nhandlers: {h: {class: logging.StreamHandler, formatter: f}}\nroot: {handlers: [h]}\nformatters: {f: {";

    private const string Handlers =
        "version: 1\nformatters: {f: {format: '%(levelname)s %(message)s'}}\nhandlers: {out: {class: logging.StreamHandler, formatter: f, "
        + "stream: 'ext://sys.stdout'}}\n";

    /// <summary>Formatters: the line of a warning of Asia/Shanghai that says hello.</summary>
    public static OldFileTable Formats { get; } = new(
        "logging_config.yaml: the line of a record, with this in its formatter",
        "logging_config.yaml：格式器里有这些时，一条记录的那一行",
        "python3-yaml",
        ["yaml"],
        $$$"""
        import logging.config, os, time, yaml
        os.environ["TZ"] = "Asia/Shanghai"
        time.tzset()
        def answer(text):
            try:
                logging.config.dictConfig(yaml.safe_load({{{Quote(Formatter)}}} + text + "}}"))
                record = logging.LogRecord("shop", 30, "", 0, "hello", None, None)
                record.created, record.msecs = 1769901330.007, 7.0
                return logging.root.handlers[0].format(record)
            except Exception:
                return None
        """,
        ReadFormat,
        [
            new("format: ''", "hello"),
            new("format: '%(asctime)s %(message)s', datefmt: ''", "2026-02-01 07:15:30,007 hello"),
            new("format: '%(asctime)s', datefmt: '%H:%M:%S %Z'", "07:15:30 CST"),
            new("format: '%(asctime)s', datefmt: '%-d.%-m. %k %c'", "1.2.  7 Sun Feb  1 07:15:30 2026"),
            new("format: '%(asctime)s', datefmt: '%H:%M:%S.%f'", "07:15:30.%f"),
            new("format: '%(asctime)s', datefmt: '%H%n%M'", "07\n15"),
            new("format: '%(asctime)s', datefmt: '%-T'", "07:15:30"),
            new("format: '%(msecs)03d %(msecs)d %(msecs)s'", "007 7 7.0"),
            new("format: '%(created).3f %(created)s'", "1769901330.007 1769901330.007"),
            new("format: '[%(levelname)-8s] [%(name)6.2s] %(levelno)+04d'", "[WARNING ] [    sh] +030"),
            new("format: '%(processName)s 100%%'", "MainProcess 100%"),
            new("format: '%(levelno)x'", "1e"),
            new("format: '%(message)r'", "'hello'"),
            new("format: '%(message)d'", null),
            new("format: '%(filename)s:%(lineno)d'", ":0"),
            new("format: 'text alone'", null),
            new("format: 'text alone', validate: false", "text alone"),
            new("format: '{message}', style: '{'", "hello"),
            new("format: '$message', style: $", "hello"),
            new("format: \"%(message)s\\n\"", "hello\n", IsQuiet: true),
            new("format: \"%(name)s\\n%(message)s\"", "shop\nhello"),
        ]);

    /// <summary>Loggers: what a warning of the logger shop.cart that says hello is written to.</summary>
    public static OldFileTable Loggers { get; } = new(
        "logging_config.yaml: where a warning of `shop.cart` goes",
        "logging_config.yaml：`shop.cart` 的一条警告写到哪里",
        "python3-yaml",
        ["yaml"],
        $$$"""
        import io, logging.config, sys, yaml
        def answer(text):
            logging.root.manager.loggerDict.clear()
            logging.root.handlers.clear()
            logging._handlers.clear()
            logging.root.setLevel(logging.WARNING)
            output, error, sys.stdout, sys.stderr = sys.stdout, sys.stderr, io.StringIO(), io.StringIO()
            try:
                logging.config.dictConfig(yaml.safe_load({{{Quote(Handlers)}}} + text))
                logging.getLogger("shop.cart").warning("hello")
                lines = ["stdout: " + line for line in sys.stdout.getvalue().splitlines()]
                return ", ".join(lines + ["stderr: " + line for line in sys.stderr.getvalue().splitlines()])
            except Exception:
                return None
            finally:
                sys.stdout, sys.stderr = output, error
        """,
        ReadLoggers,
        [
            new("root: {handlers: [out]}", "stdout: WARNING hello"),
            new("loggers: {'': {handlers: [out]}}", "stdout: WARNING hello"),
            new("loggers: {root: {handlers: [out]}}", "stdout: WARNING hello"),
            new("loggers: {shop: {handlers: [out], level: ERROR}}", ""),
            new("root: {handlers: [out]}\nloggers: {shop: {handlers: [out]}}", "stdout: WARNING hello, stdout: WARNING hello"),
            new("root: {handlers: [out]}\nloggers: {shop: {handlers: [out], propagate: false}}", "stdout: WARNING hello"),
            new("root: {level: DEBUG}", "stderr: hello"),
            new("root: {handlers: [out]}\nloggers: {shop: {propagate: false}}", "stderr: hello"),
            new("root: {level: 30, handlers: [out]}", "stdout: WARNING hello"),
            new("root: {level: NOTSET, handlers: [out]}", "stdout: WARNING hello"),
            new("root: {level: 25, handlers: [out]}", "stdout: WARNING hello"),
            new("root: {level: warning, handlers: [out]}", null),
            new("loggers: {SHOP: {handlers: [out]}}", "stderr: hello", IsQuiet: true),
            new("disable_existing_loggers: true\nroot: {handlers: [out]}", "stdout: WARNING hello"),
            new("incremental: false\nroot: {handlers: [out]}", "stdout: WARNING hello"),
            new("incremental: true\nroot: {level: INFO}", null),
            new("filters: {}\nroot: {handlers: [out]}", "stdout: WARNING hello"),
            new("root: {handlers: out}", null),
            new("root: {handlers: [out]}\nloggers: {'': {level: INFO}}", "stdout: WARNING hello"),
        ]);

    private static OldFileReading ReadFormat(string text)
    {
        var time = new FakeTimeProvider();
        time.SetLocalTimeZone(TimeZoneInfo.FindSystemTimeZoneById("Asia/Shanghai"));
        return Try(
            Formatter + text + "}}", time,
            read => read.Handlers["h"].Formatter.Write(Records.Create("hello", LogEventLevel.Warning, properties: ("SourceContext", "shop")))[..^1]);
    }

    private static OldFileReading ReadLoggers(string text) => Try(Handlers + text, TimeProvider.System, read =>
    {
        var route = new LoggerTree(read, new PipelineScope(true, [])).RouteOf("shop.cart");
        return string.Join(", ", route.Consoles.ToArray().OrderBy(console => console.IsError)
            .Where(console => route.IsEnabled(LogEventLevel.Warning) && console.Level <= LogEventLevel.Warning)
            .Select(console => (console.IsError ? "stderr: " : "stdout: ")
                + console.Formatter.Write(Records.Create("hello", LogEventLevel.Warning)).TrimEnd('\n')));
    });

    private static OldFileReading Try(string text, TimeProvider time, Func<LoggingConfiguration, string> write)
    {
        try
        {
            return new OldFileReading(write(LoggingConfigurationReader.Parse(text, "logging.yaml", LoggingFiles.Paths, null, time)), null);
        }
        catch (ConfigurationFileException error)
        {
            return new OldFileReading(null, error.Errors[0]);
        }
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
