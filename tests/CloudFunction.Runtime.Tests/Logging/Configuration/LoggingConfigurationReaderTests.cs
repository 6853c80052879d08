using System.Text;
using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging.Configuration;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Logging.Configuration;

public sealed class LoggingConfigurationReaderTests
{
    [Theory]
    [InlineData(null)]
    [InlineData(LogEventLevel.Warning)]
    public void Read_FileOfTheGuide_IsTheDefault(LogEventLevel? level) => Assert.Equal(
        Shape.Of(LoggingConfigurationReader.Default(LoggingFiles.Paths, level)),
        Shape.Of(LoggingConfigurationReader.Read(LoggingFiles.GuidePath, LoggingFiles.Paths, level)));

    [Theory]
    [InlineData("{format: '', datefmt: '%H'}", "%(message)s (%H)")]
    [InlineData("{format: ''}", "%(message)s")]
    [InlineData("{format: '%(asctime)s', datefmt: ''}", "%(asctime)s")]
    [InlineData("{format: ~, datefmt: ~}", "%(message)s")]
    public void Parse_EmptyFormats_AreNoneAsInPython(string formatter, string expected) => Assert.Equal(
        expected,
        LoggingFiles.Parse($"version: 1\nformatters: {{f: {formatter}}}\nhandlers: {{h: {{class: logging.StreamHandler, formatter: f}}}}")
            .Handlers["h"].Formatter.ToString());

    [Theory]
    [InlineData("''")]
    [InlineData("root")]
    public void Parse_RootAmongLoggers_IsTheRoot(string name)
    {
        var configuration = LoggingFiles.Parse($"version: 1\nloggers: {{{name}: {{level: ERROR}}}}");

        Assert.Equal("root: Error []", Shape.Of(configuration.Root));
        Assert.Empty(configuration.Loggers);
    }

    [Fact]
    public void Read_NoFile_IsTheDefault()
    {
        const string Standard = "[%(asctime)s [%(levelname)s] %(name)s: %(message)s]";
        var logs = LoggingFiles.Paths.LogDirectory + Path.DirectorySeparatorChar;
        var projects = Path.Combine(logs, "projects", "{project_name}") + Path.DirectorySeparatorChar;

        Assert.Equal(
            [
                $"console = console Verbose {Standard} stdout",
                $"error = error Error {Standard} {logs}error.log 10485760 x 5",
                $"project_error_template = project_error_template Error {Standard} {projects}error.log per project 10485760 x 5",
                $"project_json_template = project_json_template Verbose [JSON] {projects}json.log per project 10485760 x 5",
                $"project_log_template = project_log_template Verbose {Standard} {projects}app.log per project 10485760 x 5",
                $"server = server Verbose {Standard} {logs}server.log 10485760 x 5",
                "root: Information [console server error]",
                "cloudfunction = cloudfunction: Information [console server error]",
                "cloudfunction.projects = cloudfunction.projects: Information [project_log_template project_error_template project_json_template]",
            ],
            Shape.Of(LoggingConfigurationReader.Read(path: null, LoggingFiles.Paths, levelOverride: null)));
    }

    [Theory]
    [InlineData("DEBUG", LogEventLevel.Debug)]
    [InlineData("info", LogEventLevel.Information)]
    [InlineData("Warn", LogEventLevel.Warning)]
    [InlineData("WARNING", LogEventLevel.Warning)]
    [InlineData("error", LogEventLevel.Error)]
    [InlineData("FATAL", LogEventLevel.Fatal)]
    [InlineData("CRITICAL", LogEventLevel.Fatal)]
    [InlineData("10", LogEventLevel.Debug)]
    [InlineData("50", LogEventLevel.Fatal)]
    [InlineData("NOTSET", null)]
    [InlineData("0", null)]
    [InlineData("~", null)]
    public void Parse_Level_IsUnderstood(string level, LogEventLevel? expected)
    {
        var configuration = LoggingFiles.Parse(
            $$$"""
            version: 1
            handlers: {a: {class: logging.StreamHandler, level: {{{level}}} }}
            loggers: {x: {level: {{{level}}} }}
            """);

        Assert.Equal(expected ?? LogEventLevel.Verbose, configuration.Handlers["a"].Level);
        Assert.Equal(expected, configuration.Loggers["x"].Level);
    }

    [Theory]
    [InlineData("", LogEventLevel.Warning)] // As in Python.
    [InlineData("root: {}", LogEventLevel.Warning)]
    [InlineData("root: {level: NOTSET}", LogEventLevel.Verbose)]
    [InlineData("loggers: {root: {level: ERROR}}", LogEventLevel.Error)]
    public void Parse_Root_AlwaysHasALevel(string root, LogEventLevel expected) =>
        Assert.Equal($"root: {expected} []", Shape.Of(LoggingFiles.Parse($"version: 1\n{root}").Root));

    [Fact]
    public void Parse_LevelOverride_ReplacesTheLoggersLevelsAndNoOthers()
    {
        var configuration = LoggingFiles.Parse(
            """
            version: 1
            handlers: {a: {class: logging.StreamHandler, level: ERROR}}
            root: {handlers: [a]}
            loggers: {x: {level: INFO}, y: {propagate: no}, z: {level: NOTSET}, n: }
            """,
            LogEventLevel.Debug);

        Assert.Equal(LogEventLevel.Error, configuration.Handlers["a"].Level);
        Assert.Equal("root: Debug [a]", Shape.Of(configuration.Root));
        Assert.Equal(
            ["n: inherits [] propagates", "x: Debug [] propagates", "y: inherits []", "z: inherits [] propagates"],
            configuration.Loggers.Values.Select(Shape.Of).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Parse_Loggers_AreFoundInAnyCaseAndHaveEachHandlerOnce()
    {
        var configuration = LoggingFiles.Parse(
            """
            version: 1
            handlers: {a: {class: logging.StreamHandler}, A: {class: logging.StreamHandler}, unused: {class: logging.StreamHandler}}
            loggers: {CloudFunction.Runtime: {handlers: [a, A, a]}}
            """);

        Assert.Equal("CloudFunction.Runtime: inherits [a A] propagates", Shape.Of(configuration.Loggers["cloudfunction.runtime"]));
        Assert.Equal(3, configuration.Handlers.Count);
    }

    [Theory]
    [InlineData("{class: logging.StreamHandler}", "a Verbose [%(message)s] stderr")]
    [InlineData("{class: logging.StreamHandler, stream: ext://sys.stderr, formatter: f}", "a Verbose [%(name)s (%H)] stderr")]
    [InlineData("{class: logging.StreamHandler, stream: ext://sys.stdout, level: 30}", "a Warning [%(message)s] stdout")]
    [InlineData("{class: logging.FileHandler, filename: /a.log, mode: a, delay: true, encoding: UTF8}", "a Verbose [%(message)s] /a.log 0 x 0")]
    [InlineData(
        "{class: logging.handlers.RotatingFileHandler, filename: /a.log, maxBytes: 10_485_760, backupCount: 3}",
        "a Verbose [%(message)s] /a.log 10485760 x 3")]
    [InlineData("{class: logging.handlers.RotatingFileHandler, filename: /a.log, maxBytes: 1024}", "a Verbose [%(message)s] /a.log 0 x 0")]
    [InlineData("{class: logging.handlers.RotatingFileHandler, filename: /a.log, backupCount: 3}", "a Verbose [%(message)s] /a.log 0 x 3")]
    [InlineData(
        "{class: logging.handlers.RotatingFileHandler, filename: '/{project_name}.log'}",
        "a Verbose [%(message)s] /{project_name}.log per project 0 x 0")]
    public void Parse_Handler_HasThePythonDefaults(string handler, string expected)
    {
        var configuration = LoggingFiles.Parse($"version: 1\nformatters: {{f: {{format: '%(name)s', datefmt: '%H'}}}}\nhandlers: {{a: {handler}}}");

        Assert.Equal(expected.Replace("/", Path.GetPathRoot(Path.GetTempPath())!, StringComparison.Ordinal), Shape.Of(configuration.Handlers["a"]));
    }

    [Theory]
    [InlineData("{}", "%(message)s")]
    [InlineData("{format: '%(levelname)s', style: '%', validate: true}", "%(levelname)s")]
    [InlineData("{class: logging.Formatter, format: '%(name)s'}", "%(name)s")]
    [InlineData("{format: '%(asctime)s', datefmt: '%H:%M'}", "%(asctime)s (%H:%M)")]
    [InlineData("{class: cloudfunction.utils.logger.JSONFormatter}", "JSON")]
    [InlineData("{class: pythonjsonlogger.jsonlogger.JsonFormatter, format: '{anything}'}", "JSON")]
    [InlineData("{(): JsonFormatter}", "JSON")]
    public void Parse_Formatter_IsOneOfTwo(string formatter, string expected)
    {
        var configuration = LoggingFiles.Parse(
            $"version: 1\nformatters: {{f: {formatter}}}\nhandlers: {{a: {{class: logging.StreamHandler, formatter: f}}}}");

        Assert.Equal(expected, configuration.Handlers["a"].Formatter.ToString());
    }

    [Theory]
    [InlineData("logs/a.log", "LOGS/a.log")]
    [InlineData("cloudfunction/logs/a.log", "LOGS/a.log")]
    [InlineData("./cloudfunction/./logs//x/../a.log", "LOGS/a.log")]
    [InlineData("logs/projects/{project_name}/a.log", "LOGS/projects/{project_name}/a.log")]
    [InlineData("logs/p/{project_name}-a.log", "LOGS/p/{project_name}-a.log")]
    [InlineData("a.log", "ROOT/a.log")]
    [InlineData("cloudfunction/a.log", "ROOT/a.log")]
    [InlineData("var/logs/a.log", "ROOT/var/logs/a.log")]
    [InlineData("logs.log", "ROOT/logs.log")]
    [InlineData("../a.log", "ROOT/../a.log")]
    public void Parse_FileName_LeadsBelowTheLogsOrTheContentRoot(string name, string expected)
    {
        var configuration = LoggingFiles.Parse($"version: 1\nhandlers: {{a: {{class: logging.FileHandler, filename: '{name}'}}}}");

        var path = expected.Replace("LOGS", LoggingFiles.Paths.LogDirectory, StringComparison.Ordinal).Replace(
            "ROOT", LoggingFiles.Paths.ContentRoot, StringComparison.Ordinal);
        Assert.Equal(Path.GetFullPath(path), Assert.IsType<FileHandlerConfiguration>(configuration.Handlers["a"]).Path);
    }

    [Fact]
    public void Parse_AbsoluteFileName_StaysAsItIs()
    {
        var path = Path.Combine(Path.GetTempPath(), "x", "a.log");
        var configuration = LoggingFiles.Parse($"version: 1\nhandlers: {{a: {{class: logging.FileHandler, filename: '{path}'}}}}");

        Assert.Equal(path, Assert.IsType<FileHandlerConfiguration>(configuration.Handlers["a"]).Path);
    }

    [Theory]
    [InlineData("A.log", "a.log")]
    [InlineData("x/a.log", @"x\a.log")]
    public void Parse_FileNamesThatMeetOnWindowsAlone_AreErrorsThere(string first, string second)
    {
        var text =
            $"version: 1\nhandlers:\n  a: {{class: logging.FileHandler, filename: '{first}'}}\n  b: {{class: logging.FileHandler, "
            + $"filename: '{second}'}}";

        if (OperatingSystem.IsWindows())
        {
            Assert.Contains("one handler for each file", Assert.Single(LoggingFiles.ErrorsOf(text)), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(2, LoggingFiles.Parse(text).Handlers.Count);
        }
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Read_ByteOrderMarkAndAnyLineEnds_AreUnderstood(string lineEnd)
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Combine("logging.yaml");
        File.WriteAllText(
            path, File.ReadAllText(LoggingFiles.GuidePath).ReplaceLineEndings(lineEnd), new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));

        Assert.Equal(
            Shape.Of(LoggingConfigurationReader.Default(LoggingFiles.Paths, levelOverride: null)),
            Shape.Of(LoggingConfigurationReader.Read(path, LoggingFiles.Paths, levelOverride: null)));
    }

    [Fact]
    public void Read_FileThatIsNotThere_SaysSo() =>
        Assert.Contains("cannot be read", ErrorOf("missing.yaml", content: null), StringComparison.Ordinal);

    [Fact]
    public void Read_NotUtf8_SaysSo() =>
        Assert.Equal(
            "bad.yaml:1:2: the file is not valid UTF-8 here; allowed is that alone: save the file as UTF-8",
            ErrorOf("bad.yaml", [(byte)'a', 0xFF]));

    [Fact]
    public void Read_TooLarge_SaysSo() => Assert.Equal(
        "large.yaml:1:1: the file is too large; allowed are 262144 bytes",
        ErrorOf("large.yaml", [.. Enumerable.Repeat((byte)'\n', (256 << 10) + 1)]));

    [Fact]
    public void Read_LargestFile_IsRead()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Write("logging.yaml", "version: 1\n".PadRight(256 << 10, '\n'));

        Assert.Empty(LoggingConfigurationReader.Read(path, LoggingFiles.Paths, levelOverride: null).Handlers);
    }

    private static string ErrorOf(string name, byte[]? content)
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Combine(name);
        if (content is not null)
        {
            File.WriteAllBytes(path, content);
        }

        var exception = Assert.Throws<ConfigurationFileException>(
            () => LoggingConfigurationReader.Read(path, LoggingFiles.Paths, levelOverride: null));
        return Assert.Single(exception.Errors).Replace(folder.Path + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
    }
}
