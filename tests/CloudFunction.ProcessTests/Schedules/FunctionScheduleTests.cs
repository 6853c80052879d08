using System.Net;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Schedules;

/// <summary>Schedules that stand on functions, through deployments and restarts.</summary>
public sealed class FunctionScheduleTests
{
    private const string Id = "function_shop.version";

    [SkippableFact]
    public async Task Deploy_FunctionHasASchedule_RunsUntilAVersionHasItNoMore()
    {
        using var root = new ContentRoot();
        await using var host = await HostProcess.StartAsync(root);
        await host.UploadAsync("shop", With("""Schedule("* * * * * *")"""));

        var schedule = await WaitForRunAsync(host, "started");

        Assert.Equal(
            ("function", "shop", "version", "Asia/Shanghai"),
            (Text(schedule, "source"), Text(schedule, "project"), Text(schedule, "function"), Text(schedule, "timezone")));
        var task = await host.WaitForTaskAsync(Text(schedule.GetProperty("last_runs")[0], "task_id"), "completed");
        Assert.Equal(1, task.GetProperty("result").GetInt32());
        Assert.Contains(
            "remove [Schedule] there",
            (await host.SendAsync(HttpMethod.Delete, $"/api/v1/schedules/{Id}")).AssertError(HttpStatusCode.Conflict, "CONFLICT"));

        await host.UploadAsync("shop", ShopProject.Version(2));
        (await host.SendAsync(HttpMethod.Get, $"/api/v1/schedules/{Id}")).AssertError(HttpStatusCode.NotFound, "SCHEDULE_NOT_FOUND");
        await host.SendAsync(HttpMethod.Post, "/api/v1/projects/shop/rollback");
        await WaitForRunAsync(host, "started");
    }

    [SkippableFact]
    public async Task Deploy_AScheduleIsWrong_IsRefusedWithAllThatIsAndWhatServesGoesOn()
    {
        using var root = new ContentRoot();
        await using var host = await HostProcess.StartAsync(root);
        await host.UploadAsync("shop", With("""Schedule("0 8 * * 1")"""));

        var answer = await host.UploadAsync(
            "shop", ShopProject.Zip(With("""Schedule("0 25 * * *"), Schedule("0 8 * * 1", TimeZone = "Mars/Base")""")));

        var message = answer.AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS");
        Assert.Contains("0 25 * * *", message);
        Assert.Contains("Mars/Base", message);
        Assert.Equal(1, await host.VersionAsync("shop"));
        Assert.Equal("0 8 * * 1", Text((await ScheduleAsync(host)).GetProperty("schedule"), "cron"));
    }

    [SkippableFact]
    public async Task Restart_ScheduleIsPausedAndItsProjectStopped_StaysSo()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot();
        await using (var host = await HostProcess.StartAsync(root))
        {
            await host.UploadAsync("shop", With("""Schedule("* * * * * *")"""));
            Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Post, $"/api/v1/schedules/{Id}/pause")).Status);
            Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("shop", "stop")).Status);
            await host.StopAsync();
        }

        await using (var host = await HostProcess.StartAsync(root))
        {
            Assert.Equal("paused", Text(await ScheduleAsync(host), "status"));
            Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Post, $"/api/v1/schedules/{Id}/resume")).Status);
            var run = (await WaitForRunAsync(host, "failed")).GetProperty("last_runs")[0];
            Assert.Contains("is stopped", Text(run, "reason"));
            Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("shop", "start")).Status);
            await WaitForRunAsync(host, "started");
            Assert.Equal(HttpStatusCode.OK, (await host.SendAsync(HttpMethod.Delete, "/api/v1/projects/shop")).Status);
            Assert.Empty((await host.SendAsync(HttpMethod.Get, "/api/v1/schedules")).Ok.GetProperty("schedules").EnumerateArray());
        }
    }

    // The function that says its version's number, which is 1, with an attribute more.
    private static IReadOnlyDictionary<string, byte[]> With(string attributes) => ShopProject.Files(
        $$"""
        [{{attributes}}]
        {{CompiledProject.Function("VersionFunction", "version", "1")}}
        """,
        1);

    private static async Task<JsonElement> ScheduleAsync(HostProcess host) =>
        (await host.SendAsync(HttpMethod.Get, $"/api/v1/schedules/{Id}")).Ok.GetProperty("schedule");

    private static async Task<JsonElement> WaitForRunAsync(HostProcess host, string outcome)
    {
        JsonElement schedule = default;
        await Eventually.BecomesAsync(
            async () => (schedule = await ScheduleAsync(host)).GetProperty("last_runs")
                .EnumerateArray()
                .Take(1)
                .Any(run => Text(run, "outcome") == outcome),
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"The schedule stands like this: {schedule}. {host.Output}"));
        return schedule;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
