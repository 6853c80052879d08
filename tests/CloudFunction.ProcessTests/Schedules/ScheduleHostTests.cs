using System.Net;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Schedules;

/// <summary>The schedule file and a host that runs what it says.</summary>
public sealed class ScheduleHostTests
{
    private const string EverySecond = "* * * * * *";

    [SkippableFact]
    public async Task Run_AsTheFileSays_ThroughPauseResumeAndAChangeOfTheFile()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        Write(root, Entry("tick"));
        await using var host = await HostProcess.StartAsync(root);

        var schedule = await WaitForRunsAsync(host, "tick", 2);
        Assert.True(
            schedule.GetProperty("next_run").GetDateTimeOffset() > schedule.GetProperty("last_runs")[0].GetProperty("due_at").GetDateTimeOffset(),
            $"{schedule}");
        var task = await host.WaitForTaskAsync(schedule.GetProperty("last_runs")[0].GetProperty("task_id").GetString()!, "completed");
        Assert.Equal(("tick", "project_faulty_tick"), (task.GetProperty("result").GetString(), task.GetProperty("schedule").GetString()));

        var paused = await ActAsync(host, "tick", "pause");
        Assert.Equal(("paused", JsonValueKind.Null), (paused.GetProperty("status").GetString(), paused.GetProperty("next_run").ValueKind));
        await ActAsync(host, "tick", "run");
        var tasks = await TasksAsync(host);
        await Eventually.HoldsAsync(
            () => TasksAsync(host).GetAwaiter().GetResult().Count == tasks.Count, TimeSpan.FromSeconds(2.5), () => "It runs though it is paused.");
        await ActAsync(host, "tick", "resume");
        await Eventually.BecomesAsync(
            async () => (await TasksAsync(host)).Count > tasks.Count,
            TimeSpan.FromSeconds(15),
            async () => $"It does not run again: {await ScheduleAsync(host, "tick")}");

        Write(root, Entry("tock"));
        await WaitForRunsAsync(host, "tock", 1);
        (await host.SendAsync(HttpMethod.Get, "/api/v1/schedules/project_faulty_tick")).AssertError(HttpStatusCode.NotFound, "SCHEDULE_NOT_FOUND");
    }

    [SkippableFact]
    public async Task Change_FileIsWrong_IsToldWithItsPlaceAndWhatWasInForceStaysSo()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        Write(root, Entry("tick"));
        await using var host = await HostProcess.StartAsync(root);
        await WaitForRunsAsync(host, "tick", 1);

        Write(root, Entry("tock").Replace("note", "Note", StringComparison.Ordinal).Replace(EverySecond, "* * * * 9", StringComparison.Ordinal));

        await Eventually.BecomesAsync(
            () => host.Output.Text.Contains("scheduler_config.yaml:5:19", StringComparison.Ordinal)
                && host.Output.Text.Contains("scheduler_config.yaml:7:15", StringComparison.Ordinal),
            TimeSpan.FromSeconds(15),
            () => $"The places of both mistakes are not told. {host.Output}");
        var tasks = (await TasksAsync(host)).Count;
        await Eventually.BecomesAsync(
            async () => (await TasksAsync(host)).Count > tasks, TimeSpan.FromSeconds(15), () => Task.FromResult("It runs no more."));
    }

    [SkippableFact]
    public async Task Run_TheOneBeforeHasNotEnded_IsSkippedAndSaysSo()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        Write(root, Entry("slow", "wait", 60_000));
        await using var host = await HostProcess.StartAsync(root);

        JsonElement schedule = default;
        await Eventually.BecomesAsync(
            async () => (schedule = await ScheduleAsync(host, "slow")).GetProperty("last_runs")
                .EnumerateArray()
                .Count(run => run.GetProperty("outcome").GetString() == "skipped") >= 2,
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"Nothing is skipped: {schedule}. {host.Output}"));
        Assert.Single(await TasksAsync(host));
    }

    [SkippableFact]
    public async Task Kill_BetweenRuns_EachHasOneTaskAndNoTaskIsWithoutItsRun()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        Write(root, Entry("tick"));
        var seen = new Dictionary<string, string>(StringComparer.Ordinal);
        var host = await HostProcess.StartAsync(root);
        try
        {
            for (var round = 1; round <= 3; round++)
            {
                await Eventually.BecomesAsync(
                    async () =>
                    {
                        Note(await ScheduleAsync(host, "tick"), seen);
                        return seen.Count >= 2 * round;
                    },
                    TimeSpan.FromSeconds(30),
                    () => Task.FromResult($"The runs so far: {string.Join(", ", seen)}. {host.Output}"));
                UnixProcess.Signal(host.Pid, UnixProcess.SigKill);
                await host.DisposeAsync();
                host = await HostProcess.StartAsync(root);
            }

            await ActAsync(host, "tick", "pause");
            Note(await ScheduleAsync(host, "tick"), seen);
            Assert.Equal(seen.Values.Order(StringComparer.Ordinal), (await TasksAsync(host)).Order(StringComparer.Ordinal));
            foreach (var task in seen.Values)
            {
                await host.WaitForTaskAsync(task, "completed");
            }
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    // Each time at which it was due has one task, whichever host says so.
    private static void Note(JsonElement schedule, Dictionary<string, string> seen)
    {
        foreach (var run in schedule.GetProperty("last_runs").EnumerateArray().Where(run => run.GetProperty("outcome").GetString() == "started"))
        {
            var (due, task) = (run.GetProperty("due_at").GetString()!, run.GetProperty("task_id").GetString()!);
            if (!seen.TryAdd(due, task))
            {
                Assert.Equal(seen[due], task);
            }
        }
    }

    private static string Entry(string name, string function = "note", int milliseconds = 0) => $$"""
        tasks:
          projects:
            faulty:
              {{name}}:
                function: {{function}}
                args: {id: {{name}}, milliseconds: {{milliseconds}}}
                cron: "{{EverySecond}}"
        """;

    private static void Write(ContentRoot root, string text)
    {
        var file = Path.Combine(root.Root, "config", "scheduler_config.yaml");
        File.WriteAllText(file + ".new", text);
        File.Move(file + ".new", file, overwrite: true);
    }

    private static async Task<JsonElement> ScheduleAsync(HostProcess host, string name) =>
        (await host.SendAsync(HttpMethod.Get, $"/api/v1/schedules/project_faulty_{name}")) is { Status: HttpStatusCode.OK } answer
            ? answer.Json.GetProperty("schedule")
            : JsonElement.Parse("""{"last_runs":[]}""");

    private static async Task<JsonElement> ActAsync(HostProcess host, string name, string action) =>
        (await host.SendAsync(
            HttpMethod.Post, $"/api/v1/schedules/project_faulty_{name}/{action}")) is { Status: HttpStatusCode.OK or HttpStatusCode.Accepted } answer
            ? answer.Json.GetProperty("schedule")
            : throw new InvalidOperationException($"{action} was refused.");

    private static async Task<IReadOnlyList<string>> TasksAsync(HostProcess host) =>
        [.. (await host.SendAsync(HttpMethod.Get, "/api/v1/tasks?limit=500")).Ok.GetProperty("tasks")
            .EnumerateArray()
            .Select(task => task.GetProperty("task_id").GetString()!)];

    private static async Task<JsonElement> WaitForRunsAsync(HostProcess host, string name, int count)
    {
        JsonElement schedule = default;
        await Eventually.BecomesAsync(
            async () => (schedule = await ScheduleAsync(host, name)).GetProperty("last_runs")
                .EnumerateArray()
                .Count(run => run.GetProperty("outcome").GetString() == "started") >= count,
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"The schedule stands like this: {schedule}. {host.Output}"));
        return schedule;
    }
}
