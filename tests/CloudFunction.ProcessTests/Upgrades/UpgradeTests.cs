using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Upgrades;

/// <summary>What earlier hosts have left is taken up with nothing lost.</summary>
public sealed class UpgradeTests
{
    // The fixture's tasks are as old as its commit: they are not to be swept.
    private static readonly (string Name, string Value)[] Settings = [("TASK_RETENTION", "3650d")];

    public static TheoryData<string> Commits => [.. UpgradeFixture.Commits];

    [SkippableTheory]
    [MemberData(nameof(Commits))]
    public async Task Start_AnEarlierHostsFolders_LosesNothing(string commit)
    {
        UnixProcess.RequireLinux();
        var fixture = UpgradeFixture.Of(commit);
        using var root = new ContentRoot();
        fixture.Unpack(root);
        var expected = fixture.Expected;

        await using var host = await HostProcess.StartAsync(root, Settings);
        await host.WaitForStatusAsync(UpgradeProject.Name, "running");

        var state = await HostState.ReadAsync(host);
        AssertHolds(expected["schedules"], state["schedules"], "schedules");
        AssertHolds(WithoutWhatGoesOn(expected["projects"]!), state["projects"], "projects");
        AssertCounted(expected["projects"]!, state["projects"]!);
        await AssertTasksAsync(host, expected["tasks"]!.AsObject());
        await AssertAnswersAsync(host, expected["keyed"]!.AsArray());
        (await host.InvokeAsync(UpgradeProject.Name, "hidden")).AssertError(System.Net.HttpStatusCode.Conflict, "CONFLICT");
        (await host.InvokeAsync("closed", "echo")).AssertError(System.Net.HttpStatusCode.Conflict, "CONFLICT");
    }

    private static async Task AssertTasksAsync(HostProcess host, JsonObject tasks)
    {
        foreach (var (id, before) in tasks)
        {
            if ((string)before!["status"]! is "completed" or "failed" or "cancelled")
            {
                AssertHolds(before, (await HostState.GetAsync(host, $"/api/v1/tasks/{id}"))["task"], id);
                continue;
            }

            await host.WaitForTaskAsync(id, "completed", seconds: 60);
            var after = (await HostState.GetAsync(host, $"/api/v1/tasks/{id}"))["task"]!;
            AssertSame(before, after, "payload", "project_name", "function_name", "created_at", "callback_url", "schedule");
            AssertAttempts(before["attempts"]!.AsArray(), after["attempts"]!.AsArray(), id);
        }
    }

    // What had ended is as it was; what ran was cut and counts; then it goes on with the next number.
    private static void AssertAttempts(JsonArray before, JsonArray after, string id)
    {
        Assert.True(after.Count > before.Count, $"{id}: {after}");
        for (var i = 0; i < before.Count; i++)
        {
            if (before[i]!["ended_at"] is null)
            {
                Assert.Equal(((string)before[i]!["started_at"]!, "worker_lost"), ((string)after[i]!["started_at"]!, (string)after[i]!["outcome"]!));
            }
            else
            {
                AssertHolds(before[i], after[i], $"{id} attempt {i + 1}");
            }
        }

        Assert.Equal(Enumerable.Range(1, after.Count), after.Select(attempt => (int)attempt!["number"]!));
        Assert.Equal("succeeded", (string)after[^1]!["outcome"]!);
    }

    private static async Task AssertAnswersAsync(HostProcess host, JsonArray calls)
    {
        foreach (var call in calls)
        {
            var isAsync = (bool)call!["async"]!;
            var payload = (string?)call["payload"] ?? UpgradeProject.LargePayload;
            var answer = await host.InvokeAsync(
                UpgradeProject.Name, (string)call["function"]!, payload, isAsync ? "?mode=async" : "", ("Idempotency-Key", (string)call["key"]!));
            Assert.Equal((int)call["status"]!, (int)answer.Status);
            Assert.Equal((string)call["answer"]!, isAsync ? answer.Json.GetProperty("task_id").GetString() : HostState.Shorten(answer.Text));
            Assert.Equal("true", Assert.Single(answer.Headers.GetValues("Idempotency-Replayed")));
            (await host.InvokeAsync(
                UpgradeProject.Name, (string)call["function"]!, """{"another": true}""", isAsync ? "?mode=async" : "",
                ("Idempotency-Key", (string)call["key"]!)))
                .AssertError(System.Net.HttpStatusCode.Conflict, "CONFLICT");
        }
    }

    // What was called since counts on.
    private static JsonNode WithoutWhatGoesOn(JsonNode projects)
    {
        var copy = projects.DeepClone();
        foreach (var function in copy.AsObject().SelectMany(project => project.Value!["functions"]!.AsObject()))
        {
            function.Value!.AsObject().Remove("execution_count");
            function.Value.AsObject().Remove("last_executed");
            function.Value.AsObject().Remove("updated_at");
        }

        return copy;
    }

    private static void AssertCounted(JsonNode before, JsonNode after)
    {
        foreach (var (project, state) in before.AsObject())
        {
            foreach (var (function, counted) in state!["functions"]!.AsObject())
            {
                var now = after[project]!["functions"]![function]!;
                Assert.True((long)now["execution_count"]! >= Flushed(counted!), $"{project} {function}: {counted} before, {now} now");
            }
        }
    }

    // What runs when a host is killed was counted by it alone, in memory.
    private static long Flushed(JsonNode function) => (string)function["name"]! is "hold" or "flaky" ? 0 : (long)function["execution_count"]!;

    private static void AssertSame(JsonNode before, JsonNode after, params string[] names)
    {
        foreach (var name in names)
        {
            AssertHolds(before[name], after[name], name);
        }
    }

    /// <summary>Checks that all that was there is there; there may be more.</summary>
    private static void AssertHolds(JsonNode? before, JsonNode? after, string place)
    {
        switch (before)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    AssertHolds(value, after is JsonObject now && now.TryGetPropertyValue(name, out var there) ? there : null, $"{place}.{name}");
                }

                break;
            case JsonArray items:
                Assert.True(after is JsonArray && after.AsArray().Count == items.Count, $"{place}: {before} became {after}");
                for (var i = 0; i < items.Count; i++)
                {
                    AssertHolds(items[i], after.AsArray()[i], string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"));
                }

                break;
            default:
                Assert.True(
                    JsonNode.DeepEquals(before, after),
                    $"{place}: {before?.ToJsonString(JsonSerializerOptions.Web)} became {after?.ToJsonString(JsonSerializerOptions.Web)}");
                break;
        }
    }
}
