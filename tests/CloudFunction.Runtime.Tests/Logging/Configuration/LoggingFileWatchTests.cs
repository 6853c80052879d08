using CloudFunction.Runtime.Configuration.Yaml;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Logging.Writing;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Logging.Configuration;

public sealed class LoggingFileWatchTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly RecordingLogger<LoggingFileWatch> _logger = new();
    private readonly LoggingFile _file;
    private readonly LogPipeline _pipeline;
    private readonly LoggingFileWatch _watch;

    public LoggingFileWatchTests()
    {
        var settings = new LoggingSettings(
            new LoggingPaths(_directory.Path, _directory.Combine("logs")), _directory.Combine("logging.yaml"), false, null);
        _file = new LoggingFile(settings, TimeProvider.System);
        _pipeline = new LogPipeline(_file.Read(), PipelineScope.OwnCategories, ConsoleWriters.Process, TimeProvider.System);
        _watch = new LoggingFileWatch(_file, _pipeline, TimeProvider.System, _logger);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _pipeline.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public void Look_NoFile_KeepsTheDefaultInSilence()
    {
        _watch.Check();

        Assert.Equal(LogEventLevel.Information, _pipeline.LowestProjectLevel);
        Assert.Empty(_logger.Messages);
    }

    [Fact]
    public void Look_FileCame_IsInForceAndSaidOnce()
    {
        Write("DEBUG");

        _watch.Check();
        _watch.Check();

        Assert.Equal(LogEventLevel.Debug, _pipeline.LowestProjectLevel);
        Assert.Equal([$"Information: {_file.Path} has changed and is in force"], _logger.Messages);
    }

    [Fact]
    public void Look_FileIsBroken_KeepsTheOldOneAndTellsEachErrorOnce()
    {
        Write("DEBUG");
        _watch.Check();
        _logger.Messages.Clear();
        Write("LOUDER");

        _watch.Check();
        _watch.Check();

        Assert.Equal(LogEventLevel.Debug, _pipeline.LowestProjectLevel);
        Assert.Equal(2, _logger.Messages.Count);
        Assert.Equal($"Error: {_file.Path} has changed and is wrong: what was in force stays so", _logger.Messages[0]);
        Assert.Contains("LOUDER", _logger.Messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Look_FileCouldNotBeOpened_IsInForceOnceItCanAndToldOnce()
    {
        Write("DEBUG");
        using (new FileStream(_file.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            _watch.Check();
            _watch.Check();
        }

        _watch.Check();
        _watch.Check();

        Assert.Equal(LogEventLevel.Debug, _pipeline.LowestProjectLevel);
        Assert.Equal(3, _logger.Messages.Count);
        Assert.Contains("cannot be read", _logger.Messages[1], StringComparison.Ordinal);
        Assert.Equal($"Information: {_file.Path} has changed and is in force", _logger.Messages[2]);
    }

    [Fact]
    public void Look_HandlerWritesToTheFileItself_IsRefused()
    {
        _directory.Write("logging.yaml", "version: 1\nhandlers: {a: {class: logging.FileHandler, filename: logging.yaml}}");

        _watch.Check();

        Assert.Contains("2:54: the handler 'a' writes to this file itself; allowed is any other", _logger.Messages[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Look_FileWasRemoved_KeepsWhatItSaid()
    {
        Write("DEBUG");
        _watch.Check();
        File.Delete(_file.Path);

        _watch.Check();

        Assert.Equal(LogEventLevel.Debug, _pipeline.LowestProjectLevel);
    }

    [Fact]
    public void Read_RequiredFileIsMissing_IsAnError()
    {
        var settings = new LoggingSettings(new LoggingPaths(_directory.Path, _directory.Path), _directory.Combine("none.yaml"), true, null);

        var error = Assert.Throws<ConfigurationFileException>(() => new LoggingFile(settings, TimeProvider.System).Read());

        Assert.StartsWith(settings.ConfigurationFile, Assert.Single(error.Errors), StringComparison.Ordinal);
    }

    private void Write(string level) => _directory.Write("logging.yaml", $$$$"""
        version: 1
        formatters: {plain: {format: '%(message)s'}}
        handlers: {file: {class: logging.FileHandler, formatter: plain, filename: logs/all.log}}
        root: {level: {{{{level}}}}, handlers: [file]}
        """);
}
