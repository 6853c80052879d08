using System.Diagnostics;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>Calls whose time is up, or whose caller is gone.</summary>
public sealed class TimeoutTests
{
    [SkippableFact]
    public async Task Invoke_EndlessLoopIgnoresItsToken_Answers504AndItsWorkerIsReplaced()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty").With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root, ("TIMEOUT_GRACEFUL_SHUTDOWN", "2s"));
        await using var load = new BackgroundLoad(host, "hello", 2);
        await load.AfterCallsAsync(10);
        var before = await host.WorkerOfAsync("faulty");

        var watch = Stopwatch.StartNew();
        var answer = await host.InvokeAsync("faulty", "spin", query: "?timeout=1");

        answer.AssertError(HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(1), $"It was cut after {watch.Elapsed}.");
        Assert.Equal(before, await root.WaitForNumberAsync("faulty", "spin.started"));
        await Eventually.BecomesAsync(
            () => !UnixProcess.IsAlive(before), TimeSpan.FromSeconds(90), () => $"The worker that spins still runs. {host.Output}");
        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(1 + 2), $"The worker had no grace: it ended {watch.Elapsed} after the call.");
        Assert.NotEqual(before, await host.WorkerOfAsync("faulty"));
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Invoke_FunctionHasALimitOfItsOwn_Answers504AtItAndACallerCannotLengthenIt()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        await host.WorkerOfAsync("faulty");

        var watch = Stopwatch.StartNew();
        (await host.InvokeAsync("faulty", "half-second", query: "?timeout=300")).AssertError(HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");

        // Had the caller lengthened it, the function would have ended by itself, after a minute.
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.4), $"It was cut after {watch.Elapsed}.");
    }

    [SkippableFact]
    public async Task Invoke_AnswerComesAfterItsTime_IsDroppedAndReachesNobodyElse()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_CONCURRENT", "100"));
        var worker = await host.WorkerOfAsync("faulty");

        // Late answers all along, among calls that use the same worker's streams again and again.
        var late = Enumerable.Range(0, 30).Select(async i =>
        {
            var answer = await host.InvokeAsync("faulty", "late", $$"""{"id":"{{i}}","milliseconds":{{300 + (i * 20)}}}""", "?timeout=0.2");
            answer.AssertError(HttpStatusCode.GatewayTimeout, "TIMEOUT_ERROR");
            await root.WaitForMarkerAsync("faulty", $"{i}.answered");
        }).ToArray();
        var allLate = Task.WhenAll(late);
        var echoes = Enumerable.Range(0, 8).Select(async caller =>
        {
            var number = 0;
            for (; number < 50 || !allLate.IsCompleted; number++)
            {
                var sent = $"{caller}/{number}";
                Assert.Equal(sent, (await host.InvokeAsync("faulty", "echo", $"\"{sent}\"")).Result.GetString());
            }

            return number;
        }).ToArray();

        await allLate;
        await Task.WhenAll(echoes);
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }

    [SkippableFact]
    public async Task Invoke_ClientGoneInMidCall_FiresTheTokenAndTheWorkerGoesOn()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var worker = await host.WorkerOfAsync("faulty");
        using var client = new CancellationTokenSource();

        var call = host.InvokeAsync("faulty", "wait", """{"id":"a","milliseconds":60000}""", cancellationToken: client.Token);
        await root.WaitForMarkerAsync("faulty", "a.started");
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await root.WaitForMarkerAsync("faulty", "a.cancelled", 5);
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }
}
