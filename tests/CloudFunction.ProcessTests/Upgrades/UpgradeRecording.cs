using System.Text.Json.Nodes;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Upgrades;

/// <summary>Makes the fixture of another host. No test but a command: the README beside the fixtures says how it is run.</summary>
public sealed class UpgradeRecording
{
    [SkippableFact]
    public async Task Record_AHostIsNamed_PacksWhatItLeaves()
    {
        var host = Environment.GetEnvironmentVariable("UPGRADE_HOST");
        var archive = Environment.GetEnvironmentVariable("UPGRADE_ARCHIVE");
        Skip.If(host is null || archive is null, "UPGRADE_HOST and UPGRADE_ARCHIVE are not set: nothing is recorded.");
        UnixProcess.RequireLinux();

        using var root = new ContentRoot();
        File.WriteAllText(Path.Combine(root.Root, "config", "scheduler_config.yaml"), UpgradeProject.ScheduleFile);
        JsonArray keyed;
        await using (var first = await HostProcess.StartAsync(host!, root))
        {
            await DeployAsync(first);
            await MakeSchedulesAsync(first);
            keyed = await CallWithKeysAsync(first);
            await FinishTasksAsync(first);
            await first.StopAsync();
        }

        await using var last = await HostProcess.StartAsync(host!, root);
        await last.WaitForStatusAsync(UpgradeProject.Name, "running");
        await LeaveTasksAsync(last);
        var state = await HostState.ReadAsync(last);
        UnixProcess.Signal(last.Pid, UnixProcess.SigKill);
        await last.WaitForExitAsync();
        Assert.Equal(
            ["cancelled", "completed", "created", "failed", "retrying", "running"],
            state["tasks"]!.AsObject().Select(task => (string)task.Value!["status"]!).Distinct().Order(StringComparer.Ordinal));
        state["keyed"] = keyed;
        new UpgradeFixture(archive!).Pack(root, state);
    }

    private static async Task DeployAsync(HostProcess host)
    {
        await host.UploadAsync(UpgradeProject.Name, UpgradeProject.Version(1));
        await host.UploadAsync(UpgradeProject.Name, UpgradeProject.Version(2));
        await host.UploadAsync("closed", UpgradeProject.Version(1));
        _ = (await host.SendAsync(HttpMethod.Put, "/api/v1/projects/shop/traffic", """{"1": 30, "2": 70}""")).Ok;
        _ = (await host.ActAsync("closed", "stop")).Ok;
        for (var call = 0; call < 5; call++)
        {
            _ = (await host.InvokeAsync(UpgradeProject.Name, "hidden")).Result;
        }

        _ = (await host.SendAsync(HttpMethod.Delete, "/api/v1/functions/shop/hidden")).Ok;
    }

    private static async Task MakeSchedulesAsync(HostProcess host)
    {
        var made = await host.SendAsync(
            HttpMethod.Post, "/api/v1/schedules",
            """{"name": "made", "project": "shop", "function": "echo", "args": {"from": "api"}, "cron": "0 0 29 2 """
            + """*", "timezone": "UTC", "misfire": "skip"}""");
        Assert.True((int)made.Status is 200 or 201, made.ToString());
        foreach (var (schedule, action) in ((string, string)[])[
            ("project_shop_made", "pause"),
            ("function_shop.yearly", "run"),
            ("project_shop_leap", "run"),
        ])
        {
            var answer = await host.SendAsync(HttpMethod.Post, $"/api/v1/schedules/{schedule}/{action}");
            Assert.True((int)answer.Status is >= 200 and < 300, answer.ToString());
        }
    }

    private static async Task<JsonArray> CallWithKeysAsync(HostProcess host)
    {
        var calls = new JsonArray();
        (string Function, string Key, string Payload, bool IsAsync)[] made =
        [
            ("echo", "small", """{"n": 1}""", false),
            ("large", "large", UpgradeProject.LargePayload, false),
            ("fail", "failed", "{}", false),
            ("echo", "task", """{"n": 2}""", true),
        ];
        foreach (var (function, key, payload, isAsync) in made)
        {
            var answer = await host.InvokeAsync(UpgradeProject.Name, function, payload, isAsync ? "?mode=async" : "", ("Idempotency-Key", key));
            calls.Add(new JsonObject
            {
                ["function"] = function,
                ["key"] = key,
                ["payload"] = payload == UpgradeProject.LargePayload ? null : payload,
                ["async"] = isAsync,
                ["status"] = (int)answer.Status,
                ["answer"] = isAsync ? answer.Json.GetProperty("task_id").GetString() : HostState.Shorten(answer.Text),
            });
        }

        return calls;
    }

    private static async Task FinishTasksAsync(HostProcess host)
    {
        await host.WaitForTaskAsync(await EnqueueAsync(host, "echo", """{"n": 3}"""), "completed");
        await host.WaitForTaskAsync(await EnqueueAsync(host, "large", UpgradeProject.LargePayload), "completed");
        await host.WaitForTaskAsync(await EnqueueAsync(host, "fail", UpgradeProject.LargePayload, "&max_attempts=2"), "failed");
        var cancelled = await EnqueueAsync(host, "echo", UpgradeProject.LargePayload, "&delay=3600");
        _ = (await host.SendAsync(HttpMethod.Delete, $"/api/v1/tasks/{cancelled}")).Ok;
    }

    private static async Task LeaveTasksAsync(HostProcess host)
    {
        var running = await EnqueueAsync(host, "hold", """{"hold": true}""");
        await host.WaitForTaskAsync(running, "running");
        await EnqueueAsync(host, "hold", """{"hold": false}""");
        await EnqueueAsync(host, "hold", $$"""{"hold": false, "text": "{{new string('q', UpgradeProject.LargeLength)}}"}""");
        var retrying = await EnqueueAsync(host, "flaky", UpgradeProject.LargePayload);
        await Eventually.BecomesAsync(
            async () => (await host.TaskAsync(retrying)) is var task
                && task.GetProperty("status").GetString() == "retrying"
                && task.Outcomes().Count == UpgradeProject.FlakyAttempts - 1,
            TimeSpan.FromSeconds(60),
            async () => $"{await host.TaskAsync(retrying)}");
        await EnqueueAsync(host, "echo", """{"n": 4}""", "&delay=30"); // Due by the time that anybody starts another host on it.
    }

    private static async Task<string> EnqueueAsync(HostProcess host, string function, string payload, string query = "")
    {
        var answer = await host.InvokeAsync(UpgradeProject.Name, function, payload, "?mode=async" + query);
        Assert.True((int)answer.Status == 202, answer.ToString());
        return answer.Json.GetProperty("task_id").GetString()!;
    }
}
