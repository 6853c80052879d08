using System.Net;
using System.Text;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;
using CloudFunction.Runtime.Tests.Tasks.Callbacks;

namespace CloudFunction.ProcessTests.Security;

/// <summary>Row 55 of the faults: what a caller without rights learns of projects that do not work, by all that is open to it.</summary>
public sealed class StrangersTests
{
    private const double BuildSeconds = 120; // A first restore on a busy machine.

    // Whatever of the inside is planted has it; and some that the runtime's own words would bring.
    private static readonly string[] Inside =
    [
        "hunter2", "secret-file-name", "SecretRequest", "SecretPart", "code 77", "stderr", "   at ", "System.Text.Json", "LineNumber", "CS1029",
        ".dll", "deployments",
    ];

    [SkippableFact]
    public async Task Anyone_CallsProjectsThatDoNotWork_LearnsNothingOfTheInside()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().WithAnswers("fine").WithAnswers("crashing");
        CompiledProject.Add(root, "throwing", """
            using Microsoft.Extensions.Configuration;
            using Microsoft.Extensions.DependencyInjection;

            public sealed class Startup : IFunctionStartup
            {
                public void ConfigureServices(IServiceCollection services, IConfiguration configuration)
                {
                    Console.Error.WriteLine("hunter2-stderr");
                    throw new InvalidOperationException("cannot connect with Host=db;Password=hunter2-startup");
                }
            }
            """ + CompiledProject.Function("Any", "any"));
        CompiledProject.Add(root, "unset", CompiledProject.Function("Any", "any"));
        await File.WriteAllTextAsync(Path.Combine(root.Folder("unset"), ".env"), "PASSWORD='hunter2-variable");
        Directory.CreateDirectory(root.Folder("uncompiled"));
        await File.WriteAllTextAsync(Path.Combine(root.Folder("uncompiled"), "secret-file-name.cs"), "#error hunter2-compiler");
        await using var receiver = await Receiver.StartAsync(context =>
        {
            context.Response.StatusCode = 204;
            return Task.CompletedTask;
        });
        await using var host = await HostProcess.StartAsync(root, ("CALLBACK_ALLOW_PRIVATE", "true"), ("DB_PASSWORD", "hunter2-setting"));
        using var stranger = new Stranger(host);
        (string Project, string Function, string Status, string Cause)[] bad =
        [
            ("throwing", "any", "failed", "hunter2-startup"), ("uncompiled", "any", "failed", "hunter2-compiler"), ("unset", "any", "failed", ".env"),
            ("crashing", "throws", "unhealthy", "code 77"),
        ];

        await CrashUntilUnhealthyAsync(host, stranger);
        foreach (var (project, _, status, _) in bad)
        {
            await host.WaitForStatusAsync(project, status, BuildSeconds);
        }

        var callback = Uri.EscapeDataString(receiver.Url);
        var task = await EnqueueAsync(stranger, "fine", "dies", $"&max_attempts=1&callback_url={callback}");
        foreach (var (project, function, status, cause) in bad)
        {
            var ids = await CallEveryWayAsync(stranger, project, function, status);
            var id = Assert.Single(ids.Distinct());
            AssertToldToManagement(await host.InvokeAsync(project, function), id, cause);
            var line = host.Output.Find(id);
            Assert.True(line?.Contains($"Project {project} ", StringComparison.Ordinal), $"The log has {line} under {id}. {host.Output}");
            Assert.Contains(cause, host.Output.Text, StringComparison.Ordinal);
        }

        await Eventually.BecomesAsync(() => !receiver.Requests.IsEmpty, TimeSpan.FromSeconds(60), () => $"No callback has come. {host.Output}");
        await CallWhatFailsAsync(stranger); // Once the task has ended its worker: it would take calls of the same project with it.
        var told = Encoding.UTF8.GetString(receiver.Requests.First().Body);
        Assert.Contains("WORKER_CRASHED", told, StringComparison.Ordinal);
        Assert.Contains("WORKER_CRASHED", (await stranger.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Body, StringComparison.Ordinal);
        await VisitTheRestAsync(stranger, task);

        stranger.AssertNeverSaw([.. Inside, root.Root]);
        Assert.DoesNotContain(Inside, marker => told.Contains(marker, StringComparison.OrdinalIgnoreCase));
        Assert.True(stranger.Seen.Count > 40, $"Only {stranger.Seen.Count} answers.");
    }

    private static async Task CrashUntilUnhealthyAsync(HostProcess host, Stranger stranger)
    {
        const string dies = "/api/v1/functions/crashing/dies/invoke";
        await Eventually.BecomesAsync(
            async () => (await stranger.SendAsync(HttpMethod.Post, dies, "{}")).Status == HttpStatusCode.ServiceUnavailable,
            TimeSpan.FromSeconds(120), () => Task.FromResult($"It never becomes unhealthy. {host.Output}"));
        Assert.Contains(stranger.Seen, each => each.Answer.Contains("WORKER_CRASHED", StringComparison.Ordinal));
    }

    // Returns the ids of all that say so.
    private static async Task<List<string>> CallEveryWayAsync(Stranger stranger, string project, string function, string reason)
    {
        var invoke = $"/api/v1/functions/{project}/{function}/invoke";
        (HttpStatusCode Status, string Body)[] answers =
        [
            await stranger.SendAsync(HttpMethod.Post, invoke, "{}"),
            await stranger.SendAsync(HttpMethod.Post, invoke, "not json"),
            await stranger.SendAsync(HttpMethod.Post, invoke, "{}", ("Idempotency-Key", "one")),
            await stranger.SendAsync(HttpMethod.Post, invoke, "{}", ("Accept", "text/event-stream")),
            await stranger.SendAsync(HttpMethod.Post, invoke, "{}", ("Accept", "application/x-ndjson")),
            await stranger.SendAsync(HttpMethod.Post, invoke, "{}", ("X-API-Key", "guessed"), ("Authorization", "Bearer guessed")),
            await stranger.SendAsync(HttpMethod.Get, $"/fn/{project}/{function}/some/path"),
            await stranger.SendAsync(HttpMethod.Put, $"/fn/{project}/{function}", "{}"),
        ];
        Assert.All(answers, answer =>
        {
            Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, answer.Body);
            var error = JsonElement.Parse(answer.Body);
            Assert.Equal("NOT_SERVING", error.GetProperty("code").GetString());
            Assert.Equal(reason, error.GetProperty("details").GetProperty("reason").GetString());
        });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await stranger.SendAsync(HttpMethod.Head, $"/fn/{project}/{function}")).Status);

        // It waits until the project serves.
        var task = await EnqueueAsync(stranger, project, function, "");
        Assert.Contains("\"status\":\"created\"", (await stranger.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{task}")).Body, StringComparison.Ordinal);
        return [.. answers.Select(answer => JsonElement.Parse(answer.Body).GetProperty("details").GetProperty("id").GetString()!)];
    }

    private static async Task CallWhatFailsAsync(Stranger stranger)
    {
        (string Function, string Json, string Expected)[] calls =
        [
            ("throws", "{}", "for the caller"), ("dies", "{}", "WORKER_CRASHED"),
            ("typed", """{"number":"x"}""", "$.number"), ("typed", "{}", "number"), ("typed", """{"number":1,"part":[]}""", "$.part"),
            ("typed", """{"number":1,"part":{}}""", "name"), ("typed", """{"number":1,"part":{"name":null}}""", "$.part.name"),
            ("typed", "[", "$"), ("typed", "", "$"), ("nothing", "{}", "FUNCTION_NOT_FOUND"), ("answer", "{}", "/fn/fine/answer/"),
        ];
        foreach (var (function, json, expected) in calls)
        {
            var (_, body) = await stranger.SendAsync(HttpMethod.Post, $"/api/v1/functions/fine/{function}/invoke", json);
            Assert.Contains(expected, body, StringComparison.Ordinal);
        }

        foreach (var accept in new[] { "text/event-stream", "application/x-ndjson", "application/json" })
        {
            await stranger.SendAsync(HttpMethod.Post, "/api/v1/functions/fine/streams/invoke", "{}", ("Accept", accept));
        }

        await stranger.SendAsync(HttpMethod.Get, "/fn/fine/answer?h=Content-Length:abc");
        await stranger.SendAsync(HttpMethod.Get, "/fn/fine/answer?status=99");
    }

    private static async Task VisitTheRestAsync(Stranger stranger, string task)
    {
        string[] paths =
        [
            "/", "/health", "/health/live", "/health/ready", "/status", "/metrics", "/nowhere", "/api/v1/nothing", "/api/v1/projects",
            "/api/v1/projects/throwing", "/api/v1/projects/throwing/env", "/api/v1/functions/throwing", "/api/v1/tasks", "/api/v1/tasks/none",
            $"/api/v1/functions/fine/dies/tasks/{task}", $"/api/v1/functions/throwing/any/tasks/{task}", "/api/v1/functions/..%2f..%2f/any",
            "/fn/UPPER/any", "/api/v1/env/system", "/api/v1/schedules",
        ];
        foreach (var path in paths)
        {
            await stranger.SendAsync(HttpMethod.Get, path);
            await stranger.SendAsync(HttpMethod.Delete, path);
        }
    }

    private static async Task<string> EnqueueAsync(Stranger stranger, string project, string function, string query)
    {
        var (status, body) = await stranger.SendAsync(HttpMethod.Post, $"/api/v1/functions/{project}/{function}/invoke?mode=async{query}", "{}");
        Assert.True(status == HttpStatusCode.Accepted, body);
        return JsonElement.Parse(body).GetProperty("task_id").GetString()!;
    }

    private static void AssertToldToManagement(Answer answer, string id, string cause)
    {
        answer.AssertError(HttpStatusCode.ServiceUnavailable, "NOT_SERVING");
        var details = answer.Json.GetProperty("details");
        Assert.Equal(id, details.GetProperty("id").GetString());
        Assert.Contains(cause, details.GetProperty("cause").GetString(), StringComparison.Ordinal);
    }
}
