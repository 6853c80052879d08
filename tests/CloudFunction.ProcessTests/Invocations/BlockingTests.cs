using System.Diagnostics;
using System.Globalization;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>Code that keeps its thread, in a function or in the app, holds up nobody else.</summary>
public sealed class BlockingTests
{
    // Far longer than anything here takes: a function that blocks is released by its test.
    private const string Block = """{"id":"b","milliseconds":300000}""";

    // Only what hangs takes so long.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(90);

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(500)] // By then it has earned to be run on the worker's reader: what follows takes the reader away from everybody.
    public async Task Invoke_FunctionBlocksItsThread_OthersOfTheWorkerAnswerMeanwhileAndItsOwnCancelArrives(int quickCallsBefore)
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(
            root, ("MAX_CONCURRENT", "20"), ("FUNCTION_TIMEOUT", "300s"), ("TIMEOUT_GRACEFUL_SHUTDOWN", "120s"));
        var worker = await host.WorkerOfAsync("faulty");
        await InvokeQuicklyAsync(host, quickCallsBefore);

        // The client leaves after the token has had time to fire by no other way than a cancel.
        using var client = new CancellationTokenSource();
        var blocking = host.InvokeAsync("faulty", "block", Block, cancellationToken: client.Token);
        await root.WaitForMarkerAsync("faulty", "b.started");
        await AssertOthersAnswerAsync(host);
        Assert.False(blocking.IsCompleted, "The function did not block for as long as the others took.");
        await client.CancelAsync();

        await root.WaitForMarkerAsync("faulty", "b.cancelled");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocking);
        await AssertOthersAnswerAsync(host);
        Assert.False(File.Exists(root.Marker("faulty", "b.ended")), "The function did not block for as long as the others took.");
        await ReleaseAsync(root);
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task Invoke_FunctionBlocksItsThreadBeyondItsTime_Gets504AndItsTokenFiresMeanwhile(int quickCallsBefore)
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("FUNCTION_TIMEOUT", "300s"), ("TIMEOUT_GRACEFUL_SHUTDOWN", "120s"));
        await host.WorkerOfAsync("faulty");
        await InvokeQuicklyAsync(host, quickCallsBefore);

        var watch = Stopwatch.StartNew();
        var answer = await host.InvokeAsync("faulty", "block", Block, "?timeout=0.3");

        answer.AssertError(HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.3), $"It was cut after {watch.Elapsed}.");
        await root.WaitForMarkerAsync("faulty", "b.cancelled");
        Assert.False(File.Exists(root.Marker("faulty", "b.ended")), "The function did not block for as long as its time.");
        await ReleaseAsync(root);
    }

    [SkippableFact]
    public async Task Invoke_FunctionsKeepEveryThreadOfThePool_TimeoutsAndPingsStillWork()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("WORKER_PING_TIMEOUT", "2s"), ("MAX_CONCURRENT", "4"));
        var worker = await host.WorkerOfAsync("faulty");

        Assert.Equal("starved", (await host.InvokeAsync("faulty", "starve", "6000")).Result.GetString());
        await Eventually.HoldsAsync(() => UnixProcess.IsAlive(worker), TimeSpan.FromSeconds(3), () => $"The worker was ended. {host.Output}");
        var answer = await host.InvokeAsync("faulty", "block", """{"id":"b","milliseconds":1}""", "?timeout=0.5");

        answer.AssertError(HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");
        Assert.False(File.Exists(root.Marker("faulty", "b.started")), "The pool had a thread for it: nothing was starved.");
        Assert.Null((await host.ProjectAsync("faulty")).GetProperty("last_error").GetString());
        await host.WorkerOfAsync("faulty");
    }

    [SkippableFact]
    public async Task Invoke_MiddlewareBlocksAfterNext_OthersThroughTheSameWorkerAnswerMeanwhile()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_CONCURRENT", "20"));
        await host.WorkerOfAsync("faulty");
        for (var round = 0; round < 3; round++)
        {
            // Its answer is written only when the middleware is through: the response is flushed at the end of the request.
            var release = root.Marker("faulty", $"middleware-{round}");
            var blocking = host.InvokeAsync("faulty", "echo", "1", header: ("X-Block-Until", release));
            await root.WaitForMarkerAsync("faulty", $"middleware-{round}.blocked");
            await AssertOthersAnswerAsync(host);
            await AssertOthersAnswerAsync(host);

            Assert.False(blocking.IsCompleted, "The middleware did not block for as long as the others took.");
            await File.WriteAllTextAsync(release, "");
            Assert.Equal(1, (await blocking).Result.GetInt32());
        }
    }

    private static async Task InvokeQuicklyAsync(HostProcess host, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            Assert.Equal("q", (await host.InvokeAsync("faulty", "block", """{"id":"q","milliseconds":0}""")).Result.GetString());
        }
    }

    // Where what blocks held them up, they would not end before the client gives up, and that is after a minute.
    private static Task AssertOthersAnswerAsync(HostProcess host) =>
        Task.WhenAll(Enumerable.Range(0, 9).Select(async i =>
        {
            var sent = i.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(i, (await host.InvokeAsync("faulty", "echo", sent)).Result.GetInt32());
        }));

    private static async Task ReleaseAsync(ContentRoot root)
    {
        await File.WriteAllTextAsync(root.Marker("faulty", "b.release"), "");
        await root.WaitForMarkerAsync("faulty", "b.ended", Hang.TotalSeconds);
    }
}
