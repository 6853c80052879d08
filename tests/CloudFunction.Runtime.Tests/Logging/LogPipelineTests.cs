using System.Globalization;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Logging.Writing;
using CloudFunction.Runtime.Tests.Logging.Fakes;
using Serilog.Events;
using static CloudFunction.Runtime.Tests.Logging.Fakes.LoggingConfigurations;

namespace CloudFunction.Runtime.Tests.Logging;

public sealed class LogPipelineTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly StringWriter _output = new();
    private readonly AwaitedWriter _error = new();

    public void Dispose()
    {
        _directory.Dispose();
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Emit_HostsRecord_ReachesFileAndConsole()
    {
        await using var pipeline = New(Of([File("file", _directory.Combine("a.log")), Console(), Console(isError: true) with { Name = "error" }],
            Rule("root", LogEventLevel.Information, false, "file", "console", "error")));

        Emit(pipeline, "Any", LogEventLevel.Information, "one");
        Emit(pipeline, "Any", LogEventLevel.Debug, "unwanted");
        await pipeline.FlushAsync();

        Assert.Equal("Information one\n", Read("a.log"));
        Assert.Equal("Information one\n", _output.ToString());
        Assert.Equal("Information one\n", _error.ToString());
    }

    [Fact]
    public async Task DisposeAsync_RecordsWait_WritesThemAll()
    {
        var pipeline = New(Usual(_directory));
        for (var i = 0; i < 5000; i++)
        {
            Emit(pipeline, "Any", LogEventLevel.Information, i.ToString(CultureInfo.InvariantCulture));
        }

        await pipeline.DisposeAsync();
        Emit(pipeline, "Any", LogEventLevel.Information, "too late");

        Assert.Equal(Enumerable.Range(0, 5000).Select(i => $"Information {i}"), Lines("server.log"));
    }

    [Fact]
    public async Task Emit_FromManyThreads_LosesNothingAndKeepsEachThreadsOrder()
    {
        await using var pipeline = New(Usual(_directory));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(() =>
        {
            for (var i = 0; i < 2000; i++)
            {
                Emit(pipeline, "Any", LogEventLevel.Information, $"{thread} {i}");
            }
        })));
        await pipeline.FlushAsync();

        var byThread = Lines("server.log")
            .Select(line => line.Split(' '))
            .GroupBy(parts => parts[1], parts => int.Parse(parts[2], CultureInfo.InvariantCulture));
        Assert.All(byThread, numbers => Assert.Equal(Enumerable.Range(0, 2000), numbers));
        Assert.Equal(8, byThread.Count());
    }

    [Fact]
    public async Task Emit_DiskTooSlow_DropsCountsAndSaysSoInTheLog()
    {
        using var formatter = new BlockingFormatter();
        await using var pipeline = New(Usual(_directory, formatter: formatter));
        Emit(pipeline, "Any", LogEventLevel.Information, "first");
        formatter.WaitUntilReached();

        while (pipeline.Dropped < 3)
        {
            Emit(pipeline, "Any", LogEventLevel.Information, "more");
        }

        formatter.LetGo();
        await pipeline.FlushAsync();
        await pipeline.FlushAsync(); // The notice itself was posted while the first was under way.

        Assert.Equal("Warning Dropped 3 records: they came faster than they could be written", Lines("server.log")[^1]);
    }

    [Fact]
    public async Task Emit_DiskTooSlow_NeverDropsAWorkersRecord()
    {
        using var formatter = new BlockingFormatter();
        await using var pipeline = New(Usual(_directory, formatter: formatter));
        var workers = new WorkerOutputLog(pipeline, TimeProvider.System);
        var window = new CountingWindow(1000);
        Emit(pipeline, "Any", LogEventLevel.Information, "first");
        formatter.WaitUntilReached();
        while (pipeline.Dropped == 0)
        {
            Emit(pipeline, "Any", LogEventLevel.Information, "more");
        }

        window.Take(400);
        workers.Write("shop", Record("kept"), window, 400);
        Assert.Equal(600, window.Left);
        formatter.LetGo();
        await pipeline.FlushAsync();

        Assert.Equal(["Information kept"], Lines("shop", "app.log"));
        Assert.Equal((1000, 1), (window.Left, window.Releases));
    }

    [Fact]
    public async Task Emit_ConsoleThatNobodyReads_DoesNotHoldTheFilesUp()
    {
        using var stuck = new StuckWriter();
        await using var pipeline = new LogPipeline(
            Of([File("file", _directory.Combine("a.log")), Console()], Rule("root", LogEventLevel.Information, false, "file", "console")),
            new PipelineScope(true, []), new ConsoleWriters(() => stuck, () => _error), TimeProvider.System);

        for (var i = 0; i < 20_000; i++)
        {
            Emit(pipeline, "Any", LogEventLevel.Information, "x");
        }

        var window = new CountingWindow(1);
        window.Take(1);
        new WorkerOutputLog(pipeline, TimeProvider.System).Write("shop", Record("last"), window, 1);
        window.Take(1);

        Assert.Equal(20_001, Lines("a.log").Length);
        stuck.LetGo();
    }

    [Fact]
    public async Task Write_RecordNobodyWants_GivesItsRoomBackAtOnce()
    {
        await using var pipeline = New(Usual(_directory));
        var window = new CountingWindow(0);

        new WorkerOutputLog(pipeline, TimeProvider.System).Write("shop", Record("debug") with { Level = 1 }, window, 7);

        Assert.Equal((7, 1), (window.Left, window.Releases));
    }

    [Fact]
    public async Task Emit_FileThatCannotBeWritten_GivesRoomBackAndTellsOnStandardError()
    {
        _directory.Write("shop", "no directory");
        await using var pipeline = New(Usual(_directory));
        var window = new CountingWindow(0);

        new WorkerOutputLog(pipeline, TimeProvider.System).Write("shop", Record("lost"), window, 7);
        await pipeline.FlushAsync();

        Assert.Equal(7, window.Left);
        Assert.Contains("app.log cannot be written", await _error.FirstLine, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_OtherConfiguration_GoesByItFromThenOn()
    {
        await using var pipeline = New(Usual(_directory));
        var changes = 0;
        pipeline.LowestProjectLevelChanged += () => changes++;
        var logger = new CloudFunctionLoggerProvider(pipeline, TimeProvider.System).CreateLogger("Any");
        Emit(pipeline, "Any", LogEventLevel.Debug, "unwanted");

        pipeline.Apply(Of([File("other", _directory.Combine("other.log"))], Rule("root", LogEventLevel.Debug, false, "other")));
        Emit(pipeline, "Any", LogEventLevel.Debug, "wanted");
        await pipeline.FlushAsync();

        Assert.True(logger.IsEnabled(Microsoft.Extensions.Logging.LogLevel.Debug));
        Assert.Equal("Debug wanted\n", Read("other.log"));
        Assert.Equal((1, LogEventLevel.Debug), (changes, pipeline.LowestProjectLevel));
    }

    [Fact]
    public async Task Write_SeventyMegabytesOfOneProject_RotatesWithoutLosingOrTearingALineOfAny()
    {
        const int Megabyte = 1024 * 1024;
        const int LineBytes = 1000;
        const int Lines = 70 * Megabyte / LineBytes;
        await using var pipeline = New(Usual(_directory, maxBytes: 10 * Megabyte, backupCount: 5));
        var workers = new WorkerOutputLog(pipeline, TimeProvider.System);

        await Task.WhenAll(
            Task.Run(() => Flood(workers, "loud", Lines, LineBytes)),
            Task.Run(() => Flood(workers, "quiet", 2000, 50)));
        await pipeline.FlushAsync();

        var files = Directory.GetFiles(_directory.Combine("loud")).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(["app.log", "app.log.1", "app.log.2", "app.log.3", "app.log.4", "app.log.5"], files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 10 * Megabyte));
        var kept = files.Reverse()
            .Where(file => !file.EndsWith("app.log", StringComparison.Ordinal))
            .Append(files[0])
            .SelectMany(System.IO.File.ReadLines)
            .ToArray();
        Assert.InRange(kept.Length, 50 * Megabyte / LineBytes, Lines);
        Assert.All(
            kept.Select((line, i) => (line, Number: Lines - kept.Length + i)), pair => Assert.Equal(LineOf(pair.Number, LineBytes), pair.line[12..]));
        Assert.Equal(
            Enumerable.Range(0, 2000).Select(i => "Information " + LineOf(i, 50)), System.IO.File.ReadLines(_directory.Combine("quiet", "app.log")));
    }

    private static void Flood(WorkerOutputLog workers, string project, int lines, int length)
    {
        var window = new CountingWindow(512 * 1024);
        for (var i = 0; i < lines; i++)
        {
            window.Take(length);
            workers.Write(project, Record(LineOf(i, length)), window, length);
        }
    }

    private static string LineOf(int number, int length) => number.ToString(CultureInfo.InvariantCulture).PadRight(length - 13, '.');

    private static LogMessage Record(string message) =>
        new(DateTime.UnixEpoch.Ticks, 2, 0, "cloudfunction.projects.shop", message, null, null, 0, null, [], 0);

    private static void Emit(LogPipeline pipeline, string source, LogEventLevel level, string message)
    {
        var properties = new EventProperties(1);
        properties.Add("SourceContext", source);
        pipeline.Emit(properties.ToEvent(DateTimeOffset.UnixEpoch, level, null, message));
    }

    private LogPipeline New(LoggingConfiguration configuration) =>
        new(configuration, new PipelineScope(true, []), new ConsoleWriters(() => _output, () => _error), TimeProvider.System);

    private string Read(params string[] path)
    {
        using var reader = new StreamReader(
            new FileStream(_directory.Combine(path), FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private string[] Lines(params string[] path) => Read(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
