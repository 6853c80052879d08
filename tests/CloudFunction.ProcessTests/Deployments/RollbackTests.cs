using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Deployments;

/// <summary>Earlier versions that serve again.</summary>
public sealed class RollbackTests
{
    [SkippableFact]
    public async Task Rollback_HoldsOverRescansAndARestartOfTheHostUntilTheFolderChanges()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.WaitForVersionAsync("shop", 1);
            Assert.Equal(2, await first.UploadAsync("shop", ShopProject.Version(2)));

            Assert.Equal(1, (await first.SendAsync(HttpMethod.Post, "/api/v1/projects/shop/rollback", "{}")).Ok.GetProperty("version").GetInt32());
            Assert.Equal(1, await first.VersionAsync("shop"));

            // A touched file is a change that the watch tells of and that brings nothing new. Another folder's first deploy
            // comes after it is looked at.
            File.SetLastWriteTimeUtc(Path.Combine(root.Folder("shop"), "number.txt"), DateTime.UnixEpoch);
            ShopProject.Write(root.Folder("later"), ShopProject.Version(7));
            await Eventually.BecomesAsync(
                () => first.Output.Find("Project later serves version 1") is not null, TimeSpan.FromSeconds(30),
                () => $"The other folder is not a project. {first.Output}");
            Assert.Equal(1, await first.VersionAsync("shop"));
            await first.StopAsync();
        }

        await using var second = await HostProcess.StartAsync(root);
        await second.WaitForVersionAsync("shop", 1);
        Assert.Equal([2, 1], (await second.VersionsAsync("shop")).Select(version => version.GetProperty("version").GetInt32()));
        Assert.Equal([false, true], (await second.VersionsAsync("shop")).Select(version => version.GetProperty("active").GetBoolean()));

        ShopProject.Write(root.Folder("shop"), ShopProject.Version(3));
        await second.WaitForVersionAsync("shop", 3);
        Assert.Equal(3, (await second.ProjectAsync("shop")).GetProperty("version").GetInt32());
    }

    [SkippableFact]
    public async Task Rollback_VersionThatIsNotThere_IsToldWithThoseThatAre()
    {
        using var root = new ContentRoot().WithShop("shop", 1);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);

        var unknown = await host.SendAsync(HttpMethod.Post, "/api/v1/projects/shop/rollback", """{"version":7}""");
        var none = await host.SendAsync(HttpMethod.Post, "/api/v1/projects/shop/rollback", "{}");

        Assert.Contains("it has 1", unknown.AssertError(HttpStatusCode.NotFound, "VERSION_NOT_FOUND"));
        none.AssertError(HttpStatusCode.Conflict, "CONFLICT");
        Assert.Equal(1, await host.VersionAsync("shop"));
    }
}
