using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Upgrades;

/// <summary>What a host shows of all that it keeps, by its API. Long texts stand as their length and hash.</summary>
internal static class HostState
{
    private const int LongText = 1000;

    /// <summary>Projects with versions, weights, functions and counts; schedules; tasks.</summary>
    public static async Task<JsonObject> ReadAsync(HostProcess host) => new()
    {
        ["projects"] = await ProjectsAsync(host),
        ["schedules"] = await SchedulesAsync(host),
        ["tasks"] = await TasksAsync(host),
    };

    /// <summary>An answer of the API with its long texts shortened.</summary>
    public static async Task<JsonNode> GetAsync(HostProcess host, string path) =>
        Shorten(JsonNode.Parse((await host.SendAsync(HttpMethod.Get, path)).Ok.GetRawText())!);

    /// <summary>A text as it stands in a state.</summary>
    public static string Shorten(string text) =>
        text.Length <= LongText ? text : $"{text.Length} characters, SHA-256 {Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    private static async Task<JsonObject> ProjectsAsync(HostProcess host)
    {
        var projects = new JsonObject();
        foreach (var project in (await GetAsync(host, "/api/v1/projects"))["data"]!.AsArray())
        {
            var name = (string)project!["name"]!;
            var functions = new JsonObject();
            foreach (var function in project["functions"]!.AsArray().Select(function => (string)function!))
            {
                functions[function] = (await GetAsync(host, $"/api/v1/functions/{name}/{function}"))["function"]!.DeepClone();
            }

            projects[name] = new JsonObject
            {
                ["status"] = project["status"]!.DeepClone(),
                ["created_at"] = project["created_at"]!.DeepClone(),
                ["versions"] = (await GetAsync(host, $"/api/v1/projects/{name}/versions"))["versions"]!.DeepClone(),
                ["functions"] = functions,
            };
        }

        return projects;
    }

    private static async Task<JsonObject> SchedulesAsync(HostProcess host)
    {
        var schedules = new JsonObject();
        foreach (var schedule in (await GetAsync(host, "/api/v1/schedules"))["schedules"]!.AsArray())
        {
            var shown = schedule!.DeepClone().AsObject();
            shown.Remove("next_run"); // Which is when somebody asks.
            schedules[(string)shown["id"]!] = shown;
        }

        return schedules;
    }

    private static async Task<JsonObject> TasksAsync(HostProcess host)
    {
        var tasks = new JsonObject();
        foreach (var task in (await GetAsync(host, "/api/v1/tasks?limit=1000"))["tasks"]!.AsArray())
        {
            var id = (string)task!["task_id"]!;
            tasks[id] = (await GetAsync(host, $"/api/v1/tasks/{id}"))["task"]!.DeepClone();
        }

        return tasks;
    }

    private static JsonNode Shorten(JsonNode node)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToList())
                {
                    members[name] = value is null ? null : Shorten(value.DeepClone());
                }

                return members;
            case JsonArray items:
                return new JsonArray([.. items.Select(item => item is null ? null : Shorten(item.DeepClone()))]);
            default:
                return node.GetValueKind() == System.Text.Json.JsonValueKind.String ? JsonValue.Create(Shorten((string)node!)) : node;
        }
    }
}
