using System.Diagnostics;
using System.Globalization;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>Code that keeps its thread, in a function or in the app, holds up nobody else.</summary>
public sealed class BlockingTests
{
    // What a call may take at most beside one that blocks for two seconds. Far below that, and far above what two busy cores need.
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(1);

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(500)] // By then it has earned to be run on the worker's reader: what follows takes the reader away from everybody.
    public async Task Invoke_FunctionBlocksItsThread_OthersOfTheWorkerAnswerPromptlyAndItsOwnCancelArrives(int quickCallsBefore)
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_CONCURRENT", "20"));
        var worker = await host.WorkerOfAsync("faulty");
        for (var i = 0; i < quickCallsBefore; i++)
        {
            Assert.Equal("q", (await host.InvokeAsync("faulty", "block", """{"id":"q","milliseconds":0}""")).Result.GetString());
        }

        // The client leaves after the token has had time to fire by no other way than a cancel.
        using var client = new CancellationTokenSource();
        var blocking = host.InvokeAsync("faulty", "block", """{"id":"b","milliseconds":2000}""", cancellationToken: client.Token);
        await root.WaitForMarkerAsync("faulty", "b.started");
        await AssertPromptAsync(host, 9);
        Assert.False(blocking.IsCompleted, "The function did not block for as long as the others took.");
        await client.CancelAsync();

        var seenAfter = await root.WaitForNumberAsync("faulty", "b.cancelled");
        Assert.InRange(seenAfter, 0, 1900);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocking);
        await AssertPromptAsync(host, 9);
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(500)]
    public async Task Invoke_FunctionBlocksItsThreadBeyondItsTime_Its504AndItsTokenAreInTime(int quickCallsBefore)
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        await host.WorkerOfAsync("faulty");
        for (var i = 0; i < quickCallsBefore; i++)
        {
            Assert.Equal("q", (await host.InvokeAsync("faulty", "block", """{"id":"q","milliseconds":0}""")).Result.GetString());
        }

        var watch = Stopwatch.StartNew();
        var answer = await host.InvokeAsync("faulty", "block", """{"id":"b","milliseconds":1800}""", "?timeout=0.3");

        answer.AssertError(HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");
        Assert.InRange(watch.Elapsed.TotalSeconds, 0.3, 1.5);
        Assert.InRange(await root.WaitForNumberAsync("faulty", "b.cancelled"), 0, 1500);
    }

    [SkippableFact]
    public async Task Invoke_FunctionsKeepEveryThreadOfThePool_TimeoutsAndPingsStillWork()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("WORKER_PING_TIMEOUT", "2s"), ("MAX_CONCURRENT", "4"));
        var worker = await host.WorkerOfAsync("faulty");

        Assert.Equal("starved", (await host.InvokeAsync("faulty", "starve", "6000")).Result.GetString());
        var watch = Stopwatch.StartNew();
        await Eventually.HoldsAsync(() => UnixProcess.IsAlive(worker), TimeSpan.FromSeconds(3), () => $"The worker was ended. {host.Output}");
        watch.Restart();
        var answer = await host.InvokeAsync("faulty", "block", """{"id":"b","milliseconds":1}""", "?timeout=0.5");

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(2), $"It took {watch.Elapsed}: {answer}");
        answer.AssertError(HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");
        Assert.False(File.Exists(root.Marker("faulty", "b.started")), "The pool had a thread for it: nothing was starved.");
        Assert.Null((await host.ProjectAsync("faulty")).GetProperty("last_error").GetString());
        await host.WorkerOfAsync("faulty");
    }

    [SkippableFact]
    public async Task Invoke_MiddlewareBlocksAfterNext_OthersThroughTheSameWorkerAnswerPromptly()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_CONCURRENT", "20"));
        await host.WorkerOfAsync("faulty");
        var inThePool = 0;
        for (var round = 0; round < 3; round++)
        {
            // Its answer is written only when the middleware is through: the response is flushed at the end of the request.
            var blocking = host.InvokeAsync("faulty", "echo", "1", header: ("X-Block-After", "2000"));
            var watch = Stopwatch.StartNew();
            while (watch.Elapsed < TimeSpan.FromSeconds(1.5))
            {
                await AssertPromptAsync(host, 9);
                inThePool++;
            }

            Assert.Equal(1, (await blocking).Result.GetInt32());
            Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1.9), $"Nothing blocked: {watch.Elapsed}.");
        }

        Assert.True(inThePool > 3, "The calls took all the time there was.");
    }

    private static async Task AssertPromptAsync(HostProcess host, int calls)
    {
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, calls).Select(async i =>
        {
            var sent = i.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(i, (await host.InvokeAsync("faulty", "echo", sent)).Result.GetInt32());
        }));
        Assert.True(watch.Elapsed < Prompt, $"{calls} quick calls took {watch.Elapsed}.");
    }
}
