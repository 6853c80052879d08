using System.IO.Pipelines;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tests.Logging.Fakes;
using Serilog.Events;

namespace CloudFunction.Runtime.Tests.Invocations;

public sealed class InvocationRecordTests : IDisposable
{
    private readonly CapturedLog _log = new();
    private readonly RouterUnderTest _router;

    public InvocationRecordTests() => _router = new RouterUnderTest(log: _log.Pipeline);

    public void Dispose()
    {
        _router.Dispose();
        _log.Dispose();
    }

    [Fact]
    public async Task Invoke_Succeeds_IsRecordedOnceWithItsTrace()
    {
        const string Trace = "0af7651916cd43dd8448eb211c80319c";
        var worker = _router.AddWorker();
        var body = PipeReader.Create(new MemoryStream("1"u8.ToArray()));
        var calling = _router.InvokeAsync(body, traceParent: $"00-{Trace}-b7ad6b7169203331-01");
        var call = worker.NextCall();
        _router.Clock.Advance(TimeSpan.FromMilliseconds(12.5));
        worker.Answer(call.Stream, "2");
        (await calling).Dispose();

        var logged = Assert.Single(await _log.EventsAsync());
        Assert.Equal((LogEventLevel.Information, "Function greet succeeded in 12.5 ms"), (logged.Level, logged.MessageTemplate.Text));
        Assert.Equal(Trace, logged.TraceId.ToString());
        Assert.Equal(
            new Dictionary<string, object?>
            {
                ["Function"] = "greet",
                ["InvocationId"] = InvocationId.Format(call.Header.InvocationId),
                ["Outcome"] = "Succeeded",
                ["DurationMs"] = 12.5,
                ["Project"] = "shop",
                ["SourceContext"] = "cloudfunction.projects.shop",
            },
            CapturedLog.ValuesOf(logged));
    }

    [Theory]
    [InlineData(FailureCode.FunctionFailed, "Information Function greet failed in 0 ms")]
    [InlineData(FailureCode.InvalidPayload, "Information Function greet was called with an invalid payload (0 ms)")]
    public async Task Invoke_FunctionFails_IsNoErrorOfTheHosts(object code, string expected)
    {
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync();
        worker.Fail(worker.NextCall().Stream, (FailureCode)code);
        (await calling).Dispose();

        Assert.Equal([expected], await TextsAsync());
    }

    [Fact]
    public async Task Invoke_TimesOut_IsAnErrorTooAndWhatComesLaterIsNotRecorded()
    {
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync();
        var call = worker.NextCall();
        _router.Clock.Advance(TimeSpan.FromSeconds(11));
        (await calling).Dispose();
        worker.Answer(call.Stream, "2");
        _router.AssertIdle();

        Assert.Equal(
            ["Error Function greet timed out: The function did not end within its time.", "Information Function greet timed out in 11000 ms"],
            await TextsAsync());
    }

    [Fact]
    public async Task Invoke_WorkerLost_IsAnErrorToo()
    {
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync();
        worker.NextCall();
        worker.Peer.Dispose();
        (await calling).Dispose();

        Assert.Equal(
            ["Error Function greet lost its worker: The worker ended while it ran this call.", "Information Function greet lost its worker in 0 ms"],
            await TextsAsync());
    }

    [Fact]
    public async Task Invoke_CutByADrain_IsAnErrorToo()
    {
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync();
        worker.NextCall();
        worker.Connection.CutCalls();
        (await calling).Dispose();

        Assert.StartsWith("Error Function greet was cut: The call was cut", (await TextsAsync())[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_CallerGone_IsCancelled()
    {
        using var gone = new CancellationTokenSource();
        var worker = _router.AddWorker();
        var calling = _router.InvokeAsync(cancellationToken: gone.Token);
        worker.NextCall();
        await gone.CancelAsync();
        (await calling).Dispose();

        Assert.Equal(["Information Function greet was cancelled in 0 ms"], await TextsAsync());
    }

    private async Task<string[]> TextsAsync() =>
        [.. (await _log.EventsAsync()).Select(logged => $"{logged.Level} {logged.MessageTemplate.Text}")];
}
