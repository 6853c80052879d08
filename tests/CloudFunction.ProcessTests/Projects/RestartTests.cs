using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Projects;

/// <summary>What callers notice of a restart: nothing.</summary>
public sealed class RestartTests
{
    [SkippableFact]
    public async Task Restart_UnderSteadyLoad_FailsNoCall()
    {
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = await HostProcess.StartAsync(root);
        await using var load = new BackgroundLoad(host, "hello", 32);
        await load.AfterCallsAsync(200);
        var before = await WorkerAsync(host);

        for (var restart = 0; restart < 4; restart++)
        {
            Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("hello", "restart")).Status);
            await load.AfterCallsAsync(200);
        }

        Assert.NotEqual(before, await WorkerAsync(host));
        await load.AssertNoFailureAsync();
    }

    [SkippableFact]
    public async Task Restart_WithACallInFlight_LetsItFinishOnTheOldWorker()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var before = await host.WorkerOfAsync("faulty");
        var call = host.InvokeAsync("faulty", "wait", """{"id":"a","milliseconds":3000}""");
        Assert.Equal(before, await root.WaitForNumberAsync("faulty", "a.started"));

        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("faulty", "restart")).Status);

        Assert.False(call.IsCompleted, "The call was over before the restart was.");
        Assert.NotEqual(before, await host.WorkerOfAsync("faulty"));
        Assert.Equal("a", (await call).Result.GetString());
        await Eventually.BecomesAsync(
            async () => (await host.ProjectAsync("faulty")).GetProperty("workers").GetArrayLength() == 1,
            TimeSpan.FromSeconds(10),
            () => Task.FromResult($"The old worker is still there. {host.Output}"));
    }

    private static async Task<int> WorkerAsync(HostProcess host) =>
        (await host.InvokeAsync("hello", "whoami")).Result.GetProperty("pid").GetInt32();
}
