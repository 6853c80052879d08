using BenchmarkDotNet.Attributes;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Configuration;
using CloudFunction.Runtime.Logging.Routing;
using CloudFunction.Runtime.Logging.Writing;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Benchmarks;

/// <summary>
/// What records cost through the log as it is without a logging file: each project's record is written to a file of lines and to one of JSON.
/// <see cref="Ask"/> is what a call pays that logs nothing, <see cref="EndInvocations"/> and <see cref="WorkerRecords"/> are a record on its whole
/// way to the files, and <see cref="WriteLines"/> is the baseline: as many lines of the same length written to two files by hand.
/// </summary>
public class LogRecords : IDisposable
{
    /// <summary>Records of one run: fewer than the host's room holds, so that none is dropped.</summary>
    public const int Records = 20_000;

    private const string Line = "2026-01-01 00:00:00,000 [INFO] cloudfunction.projects.shop: Function greet succeeded in 1.5 ms";

    private readonly Room _room = new();
    private DirectoryInfo _directory = null!;
    private LogPipeline _pipeline = null!;
    private WorkerOutputLog _workers = null!;
    private InvocationLog _invocations = null!;
    private ILogger _logger = null!;
    private LogMessage _record = null!;

    [GlobalSetup]
    public void Open()
    {
        _directory = Directory.CreateTempSubdirectory("cfb-");
        var configuration = LoggingConfigurationReader.Default(
            new LoggingPaths(_directory.FullName, Path.Combine(_directory.FullName, "logs")), null);
        _pipeline = new LogPipeline(configuration, new PipelineScope(true, []), ConsoleWriters.Process, TimeProvider.System);
        _workers = new WorkerOutputLog(_pipeline, TimeProvider.System);
        _invocations = new InvocationLog(_pipeline, "shop", "greet", TimeProvider.System);
        _logger = new CloudFunctionLoggerProvider(_pipeline, TimeProvider.System).CreateLogger("CloudFunction.Any");
        _record = new LogMessage(
            DateTime.UnixEpoch.Ticks, 2, 0, "cloudfunction.projects.shop", "Function greet succeeded in 1.5 ms", null, "greet", 1, null,
            [new("Amount", 12.5)], 0);
        EndInvocations();
        var written = File.ReadAllLines(Path.Combine(_directory.FullName, "logs", "projects", "shop", "app.log"));
        if (written.Length != Records || !written[^1].EndsWith("Function greet succeeded in 1.5 ms", StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{written.Length} records were written of {Records}, at last: {written[^1]}");
        }
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _pipeline.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool Ask() => _logger.IsEnabled(LogLevel.Debug);

    [Benchmark(OperationsPerInvoke = Records)]
    public void EndInvocations()
    {
        for (var i = 0; i < Records; i++)
        {
            _invocations.Ended(1, null, InvocationOutcome.Succeeded, null, TimeSpan.FromMilliseconds(1.5));
        }

        _pipeline.FlushAsync().GetAwaiter().GetResult();
    }

    [Benchmark(OperationsPerInvoke = Records)]
    public void WorkerRecords()
    {
        for (var i = 0; i < Records; i++)
        {
            _workers.Write("shop", _record, _room, 100);
        }

        _pipeline.FlushAsync().GetAwaiter().GetResult();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Records)]
    public void WriteLines()
    {
        for (var file = 0; file < 2; file++)
        {
            using var writer = new StreamWriter(Path.Combine(_directory.FullName, "baseline"), append: false);
            for (var i = 0; i < Records; i++)
            {
                writer.Write(Line);
                writer.Write('\n');
            }
        }
    }

    private sealed class Room : ILogWindow
    {
        public void Release(int bytes)
        {
            // There is always enough.
        }
    }
}
