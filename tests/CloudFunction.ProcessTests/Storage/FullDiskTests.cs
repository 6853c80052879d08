using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Storage;

/// <summary>A disk that fills, of each folder, while a host runs and when it starts: what needs none goes on, and the rest
/// names the setting.</summary>
public sealed class FullDiskTests
{
    public static TheoryData<string, string> Folders => new()
    {
        { "data", "DATA_DIR" }, { "deployments", "DEPLOYMENTS_DIR" }, { "logs", "LOG_DIR" }, { "projects", "PROJECTS_DIR" },
        { "config", "CONFIG_DIR" },
    };

    [SkippableTheory]
    [MemberData(nameof(Folders))]
    public async Task Run_ADiskFills_CallsGoOnAndWhatNeedsRoomNamesTheFolder(string folder, string setting)
    {
        using var root = new ContentRoot();
        using var disk = SmallDisk.Mount(Path.Combine(root.Root, folder), megabytes: 16);
        await using var host = await HostProcess.StartAsync(root);
        Assert.Equal(1, await host.UploadAsync("shop", ShopProject.Version(1)));
        disk.Fill();

        Assert.Equal(1, await host.VersionAsync("shop"));
        foreach (var answer in await NeedRoomAsync(host, setting))
        {
            Assert.Contains(setting, answer.AssertError(setting == "DATA_DIR" && answer.Status == HttpStatusCode.ServiceUnavailable
                ? HttpStatusCode.ServiceUnavailable
                : HttpStatusCode.InsufficientStorage, "STORAGE_FULL"));
            Assert.DoesNotContain(root.Root, answer.Text);
            Assert.Equal(answer.Status == HttpStatusCode.ServiceUnavailable, answer.Headers.RetryAfter is not null);
        }

        Assert.Equal(1, await host.VersionAsync("shop"));
        disk.Free();
        await Eventually.BecomesAsync(
            async () => (await host.UploadAsync("shop", ShopProject.Zip(ShopProject.Version(2)))).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"It does not recover. {host.Output}"));
        Assert.Equal(2, await host.VersionAsync("shop"));
        Assert.Equal(HttpStatusCode.Accepted, (await host.InvokeAsync("shop", "version", query: "?mode=async")).Status);
        await host.StopAsync();
    }

    [SkippableTheory]
    [MemberData(nameof(Folders))]
    public async Task Start_ADiskIsFull_SaysSoInOneLineAndServesWhatNeedsNone(string folder, string setting)
    {
        using var root = new ContentRoot();
        using var disk = SmallDisk.Mount(Path.Combine(root.Root, folder), megabytes: 16);
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.UploadAsync("shop", ShopProject.Version(1));
            await first.StopAsync();
        }

        disk.Fill();
        if (setting == "DATA_DIR")
        {
            // Nothing could be stored, not even where the workers are.
            await using var refused = HostProcess.Launch(root);
            Assert.NotEqual(0, await refused.WaitForExitAsync());
            Assert.Contains("DATA_DIR", refused.Output.Text.TrimEnd().Split('\n')[^1]);
            Assert.DoesNotContain("   at ", refused.Output.Text);
            disk.Free();
        }

        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        Assert.Equal(
            setting == "DATA_DIR" ? 0 : 1,
            host.Output.Text.Split('\n').Count(line => line.Contains($"The disk of {setting} is full", StringComparison.Ordinal)));
    }

    private static async Task<IReadOnlyList<Answer>> NeedRoomAsync(HostProcess host, string setting) => setting switch
    {
        "DATA_DIR" =>
        [
            await host.InvokeAsync("shop", "version", $"\"{new string('x', 500_000)}\"", "?mode=async"),
            await host.UploadAsync("shop", ShopProject.Zip(ShopProject.Version(2))),
        ],
        "DEPLOYMENTS_DIR" => [await host.UploadAsync("shop", ShopProject.Zip(ShopProject.Version(2)))],
        "PROJECTS_DIR" =>
        [
            await host.UploadAsync("shop", ShopProject.Zip(ShopProject.Version(2))),
            await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/env", """{"A": "1"}"""),
        ],
        _ => [],
    };
}
