using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Projects that have no worker until somebody calls.</summary>
public sealed class SleepTests
{
    private static readonly (string, string)[] Sleepy = [("IDLE_TIMEOUT", "1s"), ("STANDBY_WORKERS", "0"), ("MAX_QUEUE", "100")];

    [SkippableFact]
    public async Task Sleep_IdleProject_WakesAtTheNextCallAndKeepsWhatIsDeployedMeanwhile()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, Sleepy);
        await host.WaitForVersionAsync("shop", 1);
        await host.WaitForWorkersAsync("shop", 0);
        Assert.Equal("running", (await host.ProjectAsync("shop")).GetProperty("status").GetString());

        Assert.Equal(1, await host.VersionAsync("shop"));
        await host.WaitForWorkersAsync("shop", 0);
        Assert.Equal(2, await host.UploadAsync("shop", ShopProject.Version(2)));
        await host.WaitForWorkersAsync("shop", 0);
        Assert.Equal(2, await host.VersionAsync("shop"));

        // Two versions that sleep together wake together; the one that is ready first takes all calls until the other is.
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/traffic", """{"1":1,"2":1}""")).Status);
        await host.WaitForWorkersAsync("shop", 0);
        HashSet<int> answers = [];
        await Eventually.BecomesAsync(
            async () => answers.Add(await host.VersionAsync("shop")) && answers.SetEquals([1, 2]),
            TimeSpan.FromSeconds(20), () => Task.FromResult($"Only {string.Join(", ", answers)} answered. {host.Output}"));
    }

    [SkippableFact]
    public async Task Start_ProjectsThatWereValidated_HaveNoWorkerUntil500CallsWakeOne()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1).With("hello", "hello");
        await using (var first = await HostProcess.StartAsync(root, Sleepy))
        {
            await first.WaitForVersionAsync("shop", 1);
            await first.WaitForStatusAsync("hello", "running");
            await first.StopAsync();
        }

        await using var host = await HostProcess.StartAsync(root, Sleepy);
        var data = await host.WaitForStatusAsync("shop", "running");
        await host.WaitForStatusAsync("hello", "running");
        Assert.Contains("version", data.GetProperty("functions").EnumerateArray().Select(function => function.GetProperty("name").GetString()));
        Assert.Empty(await host.WorkersAsync());
        Assert.Equal(0, host.Output.Count("is ready with"));

        var answers = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => host.InvokeAsync("shop", "pid")));

        var served = answers.Where(answer => answer.Status == HttpStatusCode.OK).ToArray();
        Assert.InRange(served.Length, 100, 499);
        Assert.Single(served.Select(answer => answer.Result.GetInt32()).Distinct());
        Assert.Equal(1, host.Output.Count("is ready with shop"));
        Assert.All(answers.Except(served), answer =>
        {
            answer.AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED");
            Assert.True(answer.Headers.RetryAfter?.Delta > TimeSpan.Zero, "There is no Retry-After.");
        });
        Assert.Equal(0, host.Output.Count("is ready with hello"));
    }
}
