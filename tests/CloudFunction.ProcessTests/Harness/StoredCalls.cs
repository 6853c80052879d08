using System.Net;
using System.Text;
using System.Text.Json;

namespace CloudFunction.ProcessTests.Harness;

/// <summary>What a client asks of a host about tasks.</summary>
internal static class StoredCalls
{
    private static readonly string[] Finished = ["completed", "failed", "cancelled"];

    /// <summary>Asks for a task of the project <c>faulty</c>.</summary>
    /// <param name="host">Which host.</param>
    /// <param name="function">Which function.</param>
    /// <param name="payload">JSON.</param>
    /// <param name="query">More of the query, with its <c>&amp;</c>.</param>
    /// <param name="headers">Headers of the request.</param>
    /// <returns>Its id: it was accepted.</returns>
    public static async Task<string> EnqueueAsync(
        this HostProcess host, string function, string payload, string query = "", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/functions/faulty/{function}/invoke?mode=async{query}")
        {
            Content = new StringContent(payload, Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        var answer = await Answer.OfAsync(await host.Client.SendAsync(request));
        Assert.True(answer.Status == HttpStatusCode.Accepted, answer.ToString());
        return answer.Json.GetProperty("task_id").GetString()!;
    }

    /// <summary>A task as it stands.</summary>
    public static async Task<JsonElement> TaskAsync(this HostProcess host, string id) =>
        (await host.SendAsync(HttpMethod.Get, $"/api/v1/tasks/{id}")).Ok.GetProperty("task");

    /// <summary>Waits until a task has that status.</summary>
    /// <returns>The task.</returns>
    public static async Task<JsonElement> WaitForTaskAsync(this HostProcess host, string id, string status, double seconds = 30)
    {
        var task = await host.WaitForTaskAsync(id, now => now == status || Finished.Contains(now), seconds);
        Assert.True(task.GetProperty("status").GetString() == status, $"Expected {status}: {task}. {host.Output}");
        return task;
    }

    /// <summary>How the attempts at a task ended, in their order; null for one that runs.</summary>
    public static IReadOnlyList<string?> Outcomes(this JsonElement task) =>
        [.. task.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString())];

    private static async Task<JsonElement> WaitForTaskAsync(this HostProcess host, string id, Func<string, bool> isWanted, double seconds)
    {
        JsonElement task = default;
        await Eventually.BecomesAsync(
            async () => isWanted((task = await host.TaskAsync(id)).GetProperty("status").GetString()!),
            TimeSpan.FromSeconds(seconds),
            () => Task.FromResult($"The task stands like this: {task}. {host.Output}"));
        return task;
    }
}
