using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Calls divided between two versions.</summary>
public sealed class TrafficTests
{
    private const int Calls = 600;

    [SkippableFact]
    public async Task Traffic_TwoVersions_DividesCallsByWeightAlsoAfterARestartOfTheHost()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.WaitForVersionAsync("shop", 1);
            await first.UploadAsync("shop", ShopProject.Version(2, CompiledProject.Function("News", "news")));
            var before = await first.InvokeAsync("shop", "pid");

            var versions = (await first.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/traffic", """{"1":25,"2":75}""")).Ok.GetProperty("versions");
            Assert.Equal([(2, 75, true), (1, 25, false)], versions.EnumerateArray().Select(
                version => (version.GetProperty("version")
                    .GetInt32(), version.GetProperty("weight").GetInt32(), version.GetProperty("active").GetBoolean())));

            // 150 of 600, with a deviation of 10.6: seven of those to each side are passed once in 10^11 runs.
            Assert.InRange(await CountAsync(first, 1), 75, 225);
            for (var call = 0; call < 20; call++)
            {
                Assert.Equal("here", (await first.InvokeAsync("shop", "news")).Result.GetString());
            }

            // What served before goes on with its part, in the same process.
            Assert.Contains(
                before.Result.GetInt32(),
                (await first.ProjectAsync("shop")).GetProperty("workers").EnumerateArray().Select(worker => worker.GetProperty("pid").GetInt32()));
            await first.StopAsync();
        }

        await using var second = await HostProcess.StartAsync(root);
        await second.WaitForStatusAsync("shop", "running");
        Assert.InRange(await CountAsync(second, 1), 75, 225);
        Assert.Equal(HttpStatusCode.OK, (await second.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/traffic", """{"1":1}""")).Status);
        Assert.Equal(Calls, await CountAsync(second, 1));
        (await second.InvokeAsync("shop", "news")).AssertError(HttpStatusCode.NotFound, "FUNCTION_NOT_FOUND");
    }

    [SkippableFact]
    public async Task Traffic_BesideAVersionThatSleeps_WakesItAtOnce()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, ("IDLE_TIMEOUT", "2s"), ("STANDBY_WORKERS", "0"));
        await host.WaitForVersionAsync("shop", 1);
        await host.UploadAsync("shop", ShopProject.Version(2, CompiledProject.Function("News", "news")));
        await host.WaitForWorkersAsync("shop", 0);

        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/traffic", "{\"1\":1,\"2\":99}")).Status);

        // Nobody has called the second one since it fell asleep: it wakes because the first is awake.
        await host.WaitForWorkersAsync("shop", 2);
        Assert.Equal("here", (await host.InvokeAsync("shop", "news")).Result.GetString());
    }

    [SkippableFact]
    public async Task Traffic_AVersionWhoseWorkersCrash_IsSkipped()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, ("STANDBY_WORKERS", "0"));
        await host.WaitForVersionAsync("shop", 1);
        await host.UploadAsync("shop", ShopProject.Version(2, CompiledProject.Function("Doomed", "doomed", "Leaving.Now()") + """
            public static class Leaving
            {
                public static object? Now()
                {
                    Environment.Exit(3);
                    return null;
                }
            }
            """));
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/traffic", """{"1":1,"2":9}""")).Status);

        // Each time it stays away for longer.
        List<int> answers = [];
        for (var crash = 0; crash < 6; crash++)
        {
            (await host.InvokeAsync("shop", "doomed")).AssertError(HttpStatusCode.BadGateway, "WORKER_CRASHED");
            for (var call = 0; call < 10; call++)
            {
                answers.Add(await host.VersionAsync("shop"));
            }
        }

        Assert.Contains(1, answers);
        Assert.Equal("running", (await host.ProjectAsync("shop")).GetProperty("status").GetString());
    }

    private static async Task<int> CountAsync(HostProcess host, int version)
    {
        var count = 0;
        await Parallel.ForAsync(0, Calls, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (_, _) =>
        {
            if (await host.VersionAsync("shop") == version)
            {
                Interlocked.Increment(ref count);
            }
        });
        return count;
    }
}
