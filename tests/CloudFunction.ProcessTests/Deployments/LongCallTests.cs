using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Calls that take longer than one version serves.</summary>
public sealed class LongCallTests
{
    [SkippableFact]
    public async Task Deploy_WithCallsThatGoOn_KeepsThreeOldVersionsAndCutsTheFourth()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, ("WATCH_PROJECTS", "false"));
        await host.WaitForVersionAsync("shop", 1);
        List<Task<Answer>> calls = [await HoldAsync(root, host, 1)];
        foreach (var number in (int[])[2, 3, 4])
        {
            await host.UploadAsync("shop", ShopProject.Version(number));
            calls.Add(await HoldAsync(root, host, number));
        }

        // Three old versions finish their calls beside the one that serves.
        await host.WaitForWorkersAsync("shop", 4);
        Assert.All(calls, call => Assert.False(call.IsCompleted, "A call has ended though nobody released it."));

        await host.UploadAsync("shop", ShopProject.Version(5));

        Assert.Contains("was cut", (await calls[0].WaitAsync(TimeSpan.FromSeconds(30))).AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED"));
        Assert.Equal(5, await host.VersionAsync("shop"));
        foreach (var number in (int[])[2, 3, 4])
        {
            Assert.False(calls[number - 1].IsCompleted, $"The call of version {number} has ended though nobody released it.");
            root.Release("shop", $"{number}");
            Assert.Equal(number, (await calls[number - 1]).Result.GetInt32());
        }

        await host.WaitForWorkersAsync("shop", 1);
    }

    [SkippableFact]
    public async Task Stop_CallOfAnOlderVersionGoesOn_IsCutAtTheEndOfTheGrace()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root, ("WATCH_PROJECTS", "false"), ("TIMEOUT_GRACEFUL_SHUTDOWN", "500ms"));
        await host.WaitForVersionAsync("shop", 1);
        var call = await HoldAsync(root, host, 1);
        await host.UploadAsync("shop", ShopProject.Version(2));

        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("shop", "stop")).Status);

        (await call.WaitAsync(TimeSpan.FromSeconds(30))).AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED");
        Assert.Empty((await host.ProjectAsync("shop")).GetProperty("workers").EnumerateArray());
    }

    private static async Task<Task<Answer>> HoldAsync(ContentRoot root, HostProcess host, int number)
    {
        var call = host.InvokeAsync("shop", "hold", $"\"{number}\"");
        await root.WaitForMarkerAsync("shop", $"{number}.started");
        return call;
    }
}
