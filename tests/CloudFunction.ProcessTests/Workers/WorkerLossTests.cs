using System.Diagnostics;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Workers;

/// <summary>A worker that ends, or might as well have, in the middle of a call.</summary>
public sealed class WorkerLossTests
{
    // Only what hangs takes so long.
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(90);

    [SkippableFact]
    public async Task Invoke_WorkerKilledInMidCall_Answers502AndTheNextCallRunsElsewhere()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");

        // Nothing but the end of its connection shows the loss in time.
        await using var host = await HostProcess.StartAsync(root, ("WORKER_PING_TIMEOUT", "300s"), ("FUNCTION_TIMEOUT", "300s"));

        var call = host.InvokeAsync("faulty", "wait", """{"id":"a","milliseconds":300000}""");
        var pid = await root.WaitForNumberAsync("faulty", "a.started");
        UnixProcess.Signal(pid, UnixProcess.SigKill);
        var answer = await call;

        answer.AssertError(HttpStatusCode.BadGateway, "WORKER_CRASHED");
        Assert.Equal(32, answer.Json.GetProperty("details").GetProperty("invocation_id").GetString()!.Length);
        Assert.NotEqual(pid, await host.WorkerOfAsync("faulty"));
        Assert.Contains("signal 9", (await host.ProjectAsync("faulty")).GetProperty("last_error").GetString());
        Assert.False(UnixProcess.IsAlive(pid));
    }

    // A project's DOTNET_ variables are fixed when its process starts: its workers never were on standby.
    [SkippableTheory]
    [InlineData("SHOP=open")]
    [InlineData("DOTNET_gcConcurrent=0")]
    public async Task Invoke_EachWayToCrash_Answers502TellsTheCauseAndGoesOn(string environment)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty", environment).With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);
        await using var load = new BackgroundLoad(host, "hello", 1);
        (string Function, string Payload, string[] Causes)[] ways =
        [
            ("exit", "0", ["exited with code 0", "about to exit with 0"]),
            ("exit", "1", ["exited with code 1", "about to exit with 1"]),
            ("exit", "-1", ["exited with code 255", "about to exit with -1"]),
            ("fail-fast", "{}", ["signal 6", "has had enough"]),
            ("overflow", "{}", ["signal 6", "Descend"]),
            ("throw-on-thread", "{}", ["signal 6", "Nobody catches this", "ThrowOnThread"]),
        ];

        foreach (var (function, payload, causes) in ways)
        {
            var before = await host.WorkerOfAsync("faulty");

            var answer = await host.InvokeAsync("faulty", function, payload);

            answer.AssertError(HttpStatusCode.BadGateway, "WORKER_CRASHED");
            Assert.NotEqual(before, await host.WorkerOfAsync("faulty"));
            var lastError = (await host.ProjectAsync("faulty")).GetProperty("last_error").GetString();
            foreach (var cause in causes)
            {
                Assert.Contains(cause, lastError);
                Assert.Contains(cause, host.Output.Text);
            }
        }

        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Ping_WorkerFrozen_IsKilledAndReplacedAndItsCallGets502()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("WORKER_PING_TIMEOUT", "1s"), ("FUNCTION_TIMEOUT", "300s"));

        var call = host.InvokeAsync("faulty", "wait", """{"id":"a","milliseconds":300000}""");
        var pid = await root.WaitForNumberAsync("faulty", "a.started");
        var watch = Stopwatch.StartNew();
        UnixProcess.Signal(pid, UnixProcess.SigStop);
        var answer = await call;

        Assert.True(watch.Elapsed > TimeSpan.FromSeconds(0.5), $"It had {watch.Elapsed} to answer.");
        answer.AssertError(HttpStatusCode.BadGateway, "WORKER_CRASHED");
        Assert.NotEqual(pid, await host.WorkerOfAsync("faulty"));
        Assert.False(UnixProcess.IsAlive(pid));
        Assert.Contains("WORKER_PING_TIMEOUT", (await host.ProjectAsync("faulty")).GetProperty("last_error").GetString());
    }

    [SkippableFact]
    public async Task Supervisor_WorkerKilledWhileIdle_IsReplacedBeforeAnyCallerNotices()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var pid = await host.WorkerOfAsync("faulty");

        UnixProcess.Signal(pid, UnixProcess.SigKill);
        await Eventually.BecomesAsync(() => !UnixProcess.IsAlive(pid), Hang, () => "It survived SIGKILL.");
        await Eventually.BecomesAsync(
            async () => (await host.ProjectAsync("faulty")).GetProperty("workers").EnumerateArray()
                .Any(w => w.GetProperty("pid").GetInt32() != pid && w.GetProperty("state").GetString() == "ready"),
            Hang,
            () => Task.FromResult($"No other worker became ready. {host.Output}"));

        Assert.NotEqual(pid, await host.WorkerOfAsync("faulty"));
    }

    [SkippableFact]
    public async Task Exit_FunctionLeftAChildProcess_ItEndsWithTheWorker()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var child = (await host.InvokeAsync("faulty", "spawn")).Result.GetInt32();
        var worker = await host.WorkerOfAsync("faulty");
        Assert.True(UnixProcess.IsAlive(child), "The child ended by itself.");

        (await host.InvokeAsync("faulty", "exit", "3")).AssertError(HttpStatusCode.BadGateway, "WORKER_CRASHED");
        await Eventually.BecomesAsync(() => !UnixProcess.IsAlive(child), Hang, () => "The child outlived its worker's crash.");

        // And where the worker is stopped in good order.
        child = (await host.InvokeAsync("faulty", "spawn")).Result.GetInt32();
        Assert.NotEqual(worker, await host.WorkerOfAsync("faulty"));
        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("faulty", "stop")).Status);
        await Eventually.BecomesAsync(() => !UnixProcess.IsAlive(child), Hang, () => "The child outlived its worker's stop.");
    }
}
