using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Storage;

/// <summary>A disk that becomes read-only while a host runs, as one that fails does: an operator's request names the setting and what to do, has
/// changed nothing, and calls go on.</summary>
public sealed class ReadOnlyDiskTests
{
    [SkippableTheory]
    [InlineData("projects", "PROJECTS_DIR", HttpStatusCode.Conflict, "CONFLICT")]
    [InlineData("deployments", "DEPLOYMENTS_DIR", HttpStatusCode.ServiceUnavailable, "OVERLOADED")]
    public async Task Run_ADiskBecomesReadOnly_ChangesNothingAndNamesTheSetting(string folder, string setting, HttpStatusCode status, string code)
    {
        using var root = new ContentRoot();
        using var disk = SmallDisk.Mount(Path.Combine(root.Root, folder), megabytes: 16);
        await using var host = await HostProcess.StartAsync(root, ("WATCH_PROJECTS", "false"));
        await host.UploadAsync("shop", ShopProject.Version(1));
        Assert.Equal(HttpStatusCode.Created, (await host.SendAsync(
            HttpMethod.Post, "/api/v1/schedules", """{"name":"yearly","project":"shop","function":"pid","cron":"0 0 1 1 *"}""")).Status);
        disk.Remount(isReadOnly: true);

        foreach (var answer in (Answer[])[
            await host.UploadAsync("shop", ShopProject.Zip(ShopProject.Version(2))),
            await host.UploadAsync("other", ShopProject.Zip(ShopProject.Version(2))),
            await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop")])
        {
            Assert.Contains(setting, answer.AssertError(status, code));
            Assert.Contains("read-only", answer.Text);
            Assert.DoesNotContain(root.Root, answer.Text);
        }

        Assert.Equal(1, await host.VersionAsync("shop"));
        Assert.Equal(["shop"], Directory.GetDirectories(root.ProjectsDirectory).Select(Path.GetFileName).Where(name => name![0] != '.'));
        disk.Remount(isReadOnly: false);
        Assert.Equal(2, await host.UploadAsync("shop", ShopProject.Version(2)));
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, "/api/v1/schedules/project_shop_yearly")).Status);
        await host.StopAsync();
    }
}
