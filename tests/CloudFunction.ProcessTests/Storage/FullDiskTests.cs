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

    /// <summary>A deletion is whole or refused: no schedule of a deleted project runs the functions of the next one of its name.</summary>
    [SkippableFact]
    public async Task Delete_TheDiskOfAllIsFull_IsRefusedWithNothingChangedOrTakesTheSchedulesWithIt()
    {
        using var root = new ContentRoot();
        using var disk = SmallDisk.Mount(Path.Combine(root.Root, "disk"), megabytes: 32);
        (string, string)[] settings =
        [
            ("DATA_DIR", "disk/data"), ("PROJECTS_DIR", "disk/projects"), ("DEPLOYMENTS_DIR", "disk/deployments"),
        ];
        await using var host = await HostProcess.StartAsync(root, settings);
        await host.UploadAsync("shop", ShopProject.Version(1));
        for (var number = 0; number < 20; number++)
        {
            Assert.Equal(HttpStatusCode.Created, (await host.SendAsync(
                HttpMethod.Post, "/api/v1/schedules",
                $$"""{"name":"yearly{{number}}","project":"shop","function":"pid","cron":"0 0 1 1 *"}""")).Status);
        }

        disk.Fill();
        var deletion = await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop");
        if (deletion.Status != HttpStatusCode.OK)
        {
            Assert.Contains("DATA_DIR", deletion.AssertError(HttpStatusCode.InsufficientStorage, "STORAGE_FULL"));
            Assert.Equal(1, await host.VersionAsync("shop"));
            Assert.True(Directory.Exists(Path.Combine(root.Root, "disk", "projects", "shop")), "The folder is gone.");
            disk.Free();
            Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop")).Status);
        }

        disk.Free();
        await host.UploadAsync("shop", ShopProject.Version(2));
        var schedules = (await host.SendAsync(HttpMethod.Get, "/api/v1/schedules")).Ok.GetProperty("schedules");
        Assert.True(schedules.GetArrayLength() == 0, $"{deletion.Status}: {schedules}");
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
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        Assert.Equal(
            1,
            host.Output.Text.Split('\n').Count(line => line.Contains($"The disk of {setting} is full", StringComparison.Ordinal)));
    }

    /// <summary>What the store holds is taken up once there is room: nothing that was acknowledged is lost, and nothing is there twice.</summary>
    [SkippableFact]
    public async Task Start_TheStoresDiskIsFull_ServesAndTakesUpTasksAndSchedulesOnceThereIsRoom()
    {
        using var root = new ContentRoot();
        using var disk = SmallDisk.Mount(root.DataDirectory, megabytes: 16);
        string waiting;
        await using (var first = await HostProcess.StartAsync(root))
        {
            await first.UploadAsync("shop", ShopProject.Version(1));
            var accepted = await first.InvokeAsync("shop", "pid", query: "?mode=async&delay=2");
            waiting = accepted.Json.GetProperty("task_id").GetString()!;
            Assert.Equal(HttpStatusCode.Created, (await first.SendAsync(
                HttpMethod.Post, "/api/v1/schedules", """{"name":"often","project":"shop","function":"pid","cron":"* * * * * *"}""")).Status);
            await first.StopAsync();
        }

        disk.Fill();
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForVersionAsync("shop", 1);
        foreach (var (answer, status) in ((Answer, HttpStatusCode)[])[
            (await host.InvokeAsync("shop", "pid", query: "?mode=async"), HttpStatusCode.ServiceUnavailable),
            (await host.InvokeAsync("shop", "pid", header: ("Idempotency-Key", "\"one\"")), HttpStatusCode.ServiceUnavailable),
            (await host.SendAsync(HttpMethod.Get, "/api/v1/tasks"), HttpStatusCode.InsufficientStorage),
            (await host.ActAsync("shop", "stop"), HttpStatusCode.InsufficientStorage)])
        {
            Assert.Contains("DATA_DIR", answer.AssertError(status, "STORAGE_FULL"));
        }

        Assert.Equal(1, await host.VersionAsync("shop"));
        disk.Free();
        Answer? task = null;
        await Eventually.BecomesAsync(
            async () => (task = await host.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{waiting}")) is { Status: HttpStatusCode.OK }
                && task.Json.GetProperty("task").GetProperty("status").GetString() == "completed",
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"The task that waits does not run: {task}. {host.Output}"));
        Assert.Equal(1, task!.Json.GetProperty("task").GetProperty("attempt_count").GetInt32());
        await Eventually.BecomesAsync(
            async () => (task = await host.SendAsync(HttpMethod.Get, "/api/v1/schedules/project_shop_often")) is { Status: HttpStatusCode.OK }
                && task.Json.GetProperty("schedule").GetProperty("last_runs").EnumerateArray().Any(
                    run => run.GetProperty("outcome").GetString() == "started"),
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"The schedule does not go on: {task}. {host.Output}"));
        await host.StopAsync();
    }

    /// <summary>A result that has to be kept before it is sent, and finds no room: the function has run in time.</summary>
    [SkippableFact]
    public async Task Invoke_AKeyedResultFindsNoRoom_NamesTheFolderAndIsLogged()
    {
        using var root = new ContentRoot().With("site", "faulty");
        using var disk = SmallDisk.Mount(root.DataDirectory, megabytes: 16);
        await using var host = await HostProcess.StartAsync(root);
        await host.WaitForStatusAsync("site", "running");

        var answer = await host.InvokeAsync("site", "text", "40000000", header: ("Idempotency-Key", "\"one\""));

        Assert.Contains("DATA_DIR", answer.AssertError(HttpStatusCode.ServiceUnavailable, "STORAGE_FULL"));
        Assert.Equal("DATA_DIR", answer.Json.GetProperty("details").GetProperty("field").GetString());
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Contains("The disk of DATA_DIR is full", host.Output.Text);
        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("site", "text", "40000000")).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("site", "text", "4000000", header: ("Idempotency-Key", "\"two\""))).Status);
        await host.StopAsync();
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
