using System.Diagnostics;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Storage;

/// <summary>What is there and cannot be read is not missing: nothing is removed or decided on it, and an operator gets its name.</summary>
public sealed class UnreadableFilesTests
{
    private const string Schedule = """{"name":"yearly","project":"shop","function":"pid","cron":"0 0 1 1 *"}""";

    [SkippableFact]
    public async Task Start_RecordIsDamagedAndTheFolderAway_KeepsVersionsAndSchedules()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1).WithShop("other", 7);
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.WaitForVersionAsync("shop", 1);
            Assert.Equal(HttpStatusCode.Created, (await first.SendAsync(HttpMethod.Post, "/api/v1/schedules", Schedule)).Status);
            UnixProcess.Signal(first.Pid, UnixProcess.SigKill);
            await first.WaitForExitAsync();
        }

        Directory.Move(root.Folder("shop"), Path.Combine(root.Root, "away"));
        await File.WriteAllTextAsync(Active(root), "");
        await using (var second = await HostProcess.StartAsync(root, ("CLEANUP_INTERVAL", "200ms")))
        {
            await second.WaitForVersionAsync("other", 7);
            Assert.Equal(HttpStatusCode.OK, (await second.SendAsync(HttpMethod.Get, "/api/v1/schedules/project_shop_yearly")).Status);
            Assert.True(File.Exists(Path.Combine(root.Root, "deployments", "shop", "1", "number.txt")), "The version is gone.");
            Assert.True(File.Exists(Path.Combine(root.Root, "deployments", "shop", "1.json")), "The version's manifest is gone.");
            await second.StopAsync();
        }

        // The folder comes back: it serves once an operator says what.
        Directory.Move(Path.Combine(root.Root, "away"), root.Folder("shop"));
        await using var third = await HostProcess.StartAsync(root);
        await third.WaitForErrorAsync("shop", "active.json' is damaged");
        Assert.Equal(HttpStatusCode.OK, (await third.DeployAsync("shop")).Status);
        Assert.Equal(1, await third.VersionAsync("shop"));
    }

    [SkippableFact]
    public async Task Start_RecordIsDamaged_ServesNoOtherVersionUntilAnOperatorRollsBack()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.WaitForVersionAsync("shop", 1);
            Assert.Equal(2, await first.UploadAsync("shop", ShopProject.Version(2)));
            Assert.Equal(HttpStatusCode.OK, (await RollBackAsync(first, 1)).Status);
            UnixProcess.Signal(first.Pid, UnixProcess.SigKill);
            await first.WaitForExitAsync();
        }

        await File.WriteAllTextAsync(Active(root), "");
        await using (var second = await HostProcess.StartAsync(root))
        {
            await second.WaitForStatusAsync("shop", "failed");
            await second.WaitForErrorAsync("shop", "active.json' is damaged");
            var versions = await second.SendAsync(HttpMethod.Get, "/api/v1/projects/shop/versions");
            Assert.Contains("DEPLOYMENTS_DIR/shop/active.json", versions.AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED"));
            (await second.ActAsync("shop", "restart")).AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED");
            Assert.Equal("", await File.ReadAllTextAsync(Active(root)));

            Assert.Equal(HttpStatusCode.OK, (await RollBackAsync(second, 1)).Status);
            Assert.Equal(1, await second.VersionAsync("shop"));
            Assert.True(File.Exists(Active(root) + ".damaged"), "The damaged record is not kept.");
            await second.StopAsync();
        }

        await using var third = await HostProcess.StartAsync(root);
        await third.WaitForVersionAsync("shop", 1);
        Assert.Equal(1, await third.VersionAsync("shop"));
    }

    [SkippableFact]
    public async Task Run_ProjectsDirectoryIsAway_RefusesWhatNeedsItAndServesOn()
    {
        using var root = new ContentRoot().WithShop("shop", 1).WithShop("other", 7);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        await host.WaitForVersionAsync("other", 7);
        Assert.Equal(HttpStatusCode.Created, (await host.SendAsync(HttpMethod.Post, "/api/v1/schedules", Schedule)).Status);
        Directory.Move(root.ProjectsDirectory, Path.Combine(root.Root, "away"));

        foreach (var answer in (Answer[])[
            await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop"),
            await host.UploadAsync("shop", ShopProject.Zip(ShopProject.Version(2))),
            await host.UploadAsync("new", ShopProject.Zip(ShopProject.Version(2))),
            await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/env", """{"A":"1"}"""),
            await host.DeployAsync("shop"),
            await host.ActAsync("shop", "restart")])
        {
            Assert.Contains("PROJECTS_DIR", answer.AssertError(HttpStatusCode.Conflict, "CONFLICT"));
            Assert.Contains("not found", answer.Text);
        }

        Assert.False(Directory.Exists(root.ProjectsDirectory), "A new PROJECTS_DIR is in the place of the one that is away.");
        await Eventually.BecomesAsync(
            () => host.Output.Find("is not there or cannot be read") is not null, TimeSpan.FromSeconds(30), host.Output.ToString);
        Directory.Move(Path.Combine(root.Root, "away"), root.ProjectsDirectory);
        await Eventually.BecomesAsync(
            () => host.Output.Find("can be read again") is not null, TimeSpan.FromSeconds(30), host.Output.ToString);

        Assert.Equal((1, 7), (await host.VersionAsync("shop"), await host.VersionAsync("other")));
        Assert.Equal(2, await host.UploadAsync("shop", ShopProject.Version(2)));
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/api/v1/schedules/project_shop_yearly")).Status);
        Assert.Null(host.Output.Find("was removed"));
        Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await host.SendAsync(HttpMethod.Get, "/api/v1/schedules/project_shop_yearly")).Status);
    }

    /// <summary>A pipe blocks whoever opens it, and a folder is what Docker makes of a file that is to be mounted and is missing.</summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_EnvIsAPipeOrAFolder_KeepsTheVariablesAndAnswers(bool isPipe)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1, "KEEP=me").WithShop("other", 7);
        var env = Path.Combine(root.Folder("shop"), ".env");
        await using (var host = await HostProcess.StartAsync(root))
        {
            await host.WaitForVersionAsync("shop", 1);
            File.Delete(env);
            await MakeAsync(env, isPipe);
            await host.WaitForErrorAsync("shop", isPipe ? "not a regular file" : "a folder, not a file");

            Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Get, "/api/v1/projects")).Status);
            (await host.ActAsync("shop", "restart")).AssertError(HttpStatusCode.UnprocessableEntity, "ENV_ERROR");
            (await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/env", """{"A":"1"}"""))
                .AssertError(HttpStatusCode.UnprocessableEntity, "ENV_ERROR");
            var upload = await host.UploadAsync("shop", ShopProject.Zip(ShopProject.Version(2)));
            Assert.Contains("PROJECTS_DIR/shop/.env", upload.AssertError(HttpStatusCode.Conflict, "CONFLICT"));
            Assert.Equal("me", (await host.InvokeAsync("shop", "env", "\"KEEP\"")).Result.GetString());
            Assert.Equal(["other", "shop"], Directory.GetDirectories(root.ProjectsDirectory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            await host.StopAsync();
        }

        // It never serves without its variables.
        await using var second = await HostProcess.StartAsync(root);
        await second.WaitForStatusAsync("shop", "failed");
        await second.WaitForVersionAsync("other", 7);
        await second.StopAsync();
    }

    [SkippableTheory]
    [InlineData(".env", true)]
    [InlineData(".env", false)]
    [InlineData("config/logging_config.yaml", true)]
    [InlineData("config/logging_config.yaml", false)]
    public async Task Start_AFileOfTheHostIsAPipeOrAFolder_IsNamedAtOnce(string file, bool isPipe)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        File.Delete(Path.Combine(root.Root, file));
        await MakeAsync(Path.Combine(root.Root, file), isPipe);

        await using var host = HostProcess.Launch(root);

        Assert.NotEqual(0, await host.WaitForExitAsync());
        Assert.Contains(Path.Combine(root.Root, file), host.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains(isPipe ? "not a regular file" : "a folder, not a file", host.Output.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A schedule file that is wrong keeps no host from serving; neither does one that would block whoever opens it.</summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_TheScheduleFileIsAPipeOrAFolder_IsLoggedAndTheHostGoesOn(bool isPipe)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithShop("shop", 1);
        await MakeAsync(Path.Combine(root.Root, "config", "scheduler_config.yaml"), isPipe);

        await using var host = await HostProcess.StartAsync(root);

        await host.WaitForVersionAsync("shop", 1);
        Assert.NotNull(host.Output.Find(isPipe ? "scheduler_config.yaml' is not a regular file" : "scheduler_config.yaml' is a folder, not a file"));
        await host.StopAsync();
    }

    private static string Active(ContentRoot root) => Path.Combine(root.Root, "deployments", "shop", "active.json");

    private static Task<Answer> RollBackAsync(HostProcess host, int version) =>
        host.SendAsync(HttpMethod.Post, "/api/v1/projects/shop/rollback", $$"""{"version":{{version}}}""");

    private static async Task MakeAsync(string path, bool isPipe)
    {
        if (isPipe)
        {
            using var make = Process.Start("mkfifo", [path]);
            await make.WaitForExitAsync();
            Assert.Equal(0, make.ExitCode);
        }
        else
        {
            Directory.CreateDirectory(path);
        }
    }
}
