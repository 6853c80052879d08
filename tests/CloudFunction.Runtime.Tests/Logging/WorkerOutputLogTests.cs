using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Tests.Logging.Fakes;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Logging;

public sealed class WorkerOutputLogTests : IDisposable
{
    private readonly CapturedLog _log = new();
    private readonly WorkerOutputLog _workers;

    public WorkerOutputLogTests() => _workers = new WorkerOutputLog(_log.Pipeline, TimeProvider.System);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Write_RecordOfACall_KeepsAllThatTheWorkerSaid()
    {
        var at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var record = new LogMessage(
            at.Ticks, 4, 9, "Some.Class", "broken", "System.Exception: x\n   at y", "greet", 0xabc, "0af7651916cd43dd8448eb211c80319c",
            [new("Price", 1.5), new("Paid", true), new("Project", "forged")], 0);

        _workers.Write("shop", record, new CountingWindow(0), 1);

        var logged = Assert.Single(await _log.EventsAsync());
        Assert.Equal((LogEventLevel.Error, "broken", at), (logged.Level, logged.MessageTemplate.Text, logged.Timestamp));
        Assert.Equal("System.Exception: x\n   at y", logged.Exception!.ToString());
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["Price"] = 1.5,
                ["Paid"] = true,
                ["Project"] = "shop",
                ["Category"] = "Some.Class",
                ["EventId"] = 9,
                ["Function"] = "greet",
                ["InvocationId"] = "00000000000000000000000000000abc",
                ["TraceId"] = "0af7651916cd43dd8448eb211c80319c",
                ["SourceContext"] = "cloudfunction.projects.shop",
            },
            CapturedLog.ValuesOf(logged));
    }

    [Fact]
    public async Task Write_ProjectsOwnCategoryOutsideACall_AddsNothing()
    {
        _workers.Write("shop", new LogMessage(-5, 99, 0, "cloudfunction.projects.shop", "m", null, null, 0, null, [], 0), new CountingWindow(0), 1);

        var logged = Assert.Single(await _log.EventsAsync());
        Assert.Equal((LogEventLevel.Fatal, DateTimeOffset.MinValue), (logged.Level, logged.Timestamp));
        Assert.Equal(["Project", "SourceContext"], logged.Properties.Keys.Order());
    }

    [Fact]
    public async Task Write_WorkerHadDropped_SaysSoFirst()
    {
        _workers.Write("shop", new LogMessage(0, 2, 0, "cloudfunction.projects.shop", "m", null, null, 0, null, [], 12), new CountingWindow(0), 1);

        Assert.Equal(
            ["Dropped 12 log records: they came faster than the host could take them", "m"],
            (await _log.EventsAsync()).Select(logged => logged.MessageTemplate.Text));
    }

    [Theory]
    [InlineData("shop", false, "cloudfunction.projects.shop", LogEventLevel.Information)]
    [InlineData("shop", true, "cloudfunction.projects.shop", LogEventLevel.Error)]
    [InlineData(null, true, "cloudfunction.workers", LogEventLevel.Error)]
    public async Task WriteLine_RawOutput_IsTheProjectsOrTheHosts(string? project, bool isError, string logger, LogEventLevel level)
    {
        _workers.WriteLine(project, "w1", "raw", isError);

        var logged = Assert.Single(await _log.EventsAsync());
        var values = CapturedLog.ValuesOf(logged);
        Assert.Equal((level, "raw", logger, "w1"), (logged.Level, logged.MessageTemplate.Text, values["SourceContext"], values["WorkerId"]));
    }
}
