using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;
using CloudFunction.Runtime.Tests.Tasks.Callbacks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.ProcessTests.Tasks;

/// <summary>Finished tasks and whoever is to hear of them, over real sockets.</summary>
public sealed class CallbackTests
{
    private const string Secret = "a-secret-of-the-receivers";

    private static readonly (string, string)[] Settings = [("CALLBACK_ALLOW_PRIVATE", "true"), ("CALLBACK_SECRET", Secret)];

    [SkippableFact]
    public async Task Finish_WithACallback_IsToldWithASignatureThatCanBeVerified()
    {
        await using var receiver = await Receiver.StartAsync(Answer(StatusCodes.Status204NoContent));
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, Settings);

        var id = await EnqueueAsync(host, receiver, "note", """{"id":"张三","milliseconds":0}""");

        var (_, headers, body) = await WaitAsync(host, receiver);
        var signed = Encoding.UTF8.GetBytes($"{headers["webhook-id"]}.{headers["webhook-timestamp"]}.").Concat(body).ToArray();
        Assert.Equal($"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), signed))}", headers["webhook-signature"]);
        Assert.Equal("application/json", headers["Content-Type"]);
        var told = JsonElement.Parse(body);
        Assert.Equal("task.completed", told.GetProperty("type").GetString());
        Assert.Equal(
            (id, "张三"), (told.GetProperty("data").GetProperty("task_id").GetString(), told.GetProperty("data").GetProperty("result").GetString()));
    }

    [SkippableFact]
    public async Task Finish_ReceiverFailsAtFirst_IsToldAgainUnderTheSameId()
    {
        var answers = 0;
        await using var receiver = await Receiver.StartAsync(context => Answer(Interlocked.Increment(ref answers) == 1 ? 500 : 200)(context));
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, Settings);

        await EnqueueAsync(host, receiver, "note", """{"id":"a","milliseconds":0,"failing":1}""", "&max_attempts=1");

        await WaitAsync(host, receiver, 2);
        var requests = receiver.Requests.ToArray();
        Assert.Equal("task.failed", JsonElement.Parse(requests[0].Body).GetProperty("type").GetString());
        Assert.Equal(requests[0].Headers["webhook-id"], requests[1].Headers["webhook-id"]);
        Assert.Equal(requests[0].Body, requests[1].Body);
    }

    /// <summary>Callbacks go on while the tasks that still run are waited for.</summary>
    [SkippableFact]
    public async Task Stop_WhileOneTaskEndsAndAnotherStillRuns_TheFirstOnesCallbackIsSentByThisHost()
    {
        UnixProcess.RequireLinux();
        await using var receiver = await Receiver.StartAsync(Answer(204));
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, Settings);
        await host.WorkerOfAsync("faulty");
        await EnqueueAsync(host, receiver, "note", """{"id":"first","milliseconds":1500}""");
        await EnqueueAsync(host, receiver, "note", """{"id":"second","milliseconds":6000}""");
        await Eventually.BecomesAsync(
            () => WorkNote.Read(root).Count(note => note is { What: "start" }) == 2, TimeSpan.FromSeconds(30),
            () => $"Not both have started. {host.Output}");

        await host.StopAsync();

        Assert.Contains(receiver.Requests, request => Encoding.UTF8.GetString(request.Body).Contains("\"first\"", StringComparison.Ordinal));
    }

    [SkippableFact]
    public async Task Kill_WhileACallbackIsOnItsWay_TheNextHostDeliversItUnderTheSameIdAndNothingElse()
    {
        UnixProcess.RequireLinux();
        var answers = 0;
        await using var receiver = await Receiver.StartAsync(context => (Interlocked.Increment(ref answers) == 1 ? Hang : Answer(200))(context));
        using var root = new ContentRoot().With("faulty", "faulty");
        await using (var host = await HostProcess.StartAsync(root, Settings))
        {
            await EnqueueAsync(host, receiver, "note", """{"id":"a","milliseconds":0}""");
            await WaitAsync(host, receiver);
            UnixProcess.Signal(host.Pid, UnixProcess.SigKill);
            await host.WaitForExitAsync();
        }

        await using var next = await HostProcess.StartAsync(root, Settings);
        await WaitAsync(next, receiver, 2);
        await EnqueueAsync(next, receiver, "note", """{"id":"b","milliseconds":0}""");

        await WaitAsync(next, receiver, 3);
        var ids = receiver.Requests.Select(request => request.Headers["webhook-id"]).ToArray();
        Assert.Equal(ids[0], ids[1]);
        Assert.NotEqual(ids[0], ids[2]);
        Assert.Single(WorkNote.Read(root), note => note is { What: "start", Id: "a" });
    }

    [SkippableFact]
    public async Task Finish_OneReceiverHangs_OthersHearAndItsOwnTasksGoOn()
    {
        await using var slow = await Receiver.StartAsync(Hang);
        await using var quick = await Receiver.StartAsync(Answer(200));
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, Settings);
        for (var i = 0; i < 20; i++)
        {
            await host.WaitForTaskAsync(await EnqueueAsync(host, slow, "note", $$"""{"id":"slow-{{i}}","milliseconds":0}"""), "completed");
        }

        for (var i = 0; i < 20; i++)
        {
            await EnqueueAsync(host, quick, "note", $$"""{"id":"quick-{{i}}","milliseconds":0}""");
        }

        await WaitAsync(host, quick, 20);
        Assert.True(slow.Requests.Count is 1 or 2, $"{slow.Requests.Count} calls at once hang on one receiver.");
    }

    [SkippableFact]
    public async Task Finish_ReceiverIsGone_IsToldOnce()
    {
        await using var gone = await Receiver.StartAsync(Answer(StatusCodes.Status410Gone));
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, Settings);

        await EnqueueAsync(host, gone, "note", """{"id":"a","milliseconds":0}""");

        await WaitAsync(host, gone);
        await Eventually.BecomesAsync(
            () => host.Output.Text.Contains("the receiver answered 410 (Gone)", StringComparison.Ordinal),
            TimeSpan.FromSeconds(15),
            host.Output.ToString);
        Assert.Single(gone.Requests);
    }

    [SkippableFact]
    public async Task Enqueue_ToThisMachineWithoutTheSetting_IsRefusedAndNothingRuns()
    {
        await using var receiver = await Receiver.StartAsync(Answer(200));
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        foreach (var name in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]" })
        {
            var url = Uri.EscapeDataString($"http://{name}:{receiver.Port}/done");
            var answer = await host.InvokeAsync("faulty", "note", """{"id":"a","milliseconds":0}""", $"?mode=async&callback_url={url}");
            Assert.Contains("CALLBACK_ALLOW_PRIVATE", answer.AssertError(HttpStatusCode.UnprocessableEntity, "INVALID_PARAMETERS"));
        }

        Assert.Empty((await host.SendAsync(HttpMethod.Get, "/api/v1/tasks")).Ok.GetProperty("tasks").EnumerateArray());
        Assert.Empty(receiver.Requests);
    }

    private static RequestDelegate Answer(int status) => context =>
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    // Until whoever asks goes away, or the test ends.
    private static async Task Hang(HttpContext context) =>
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static Task<string> EnqueueAsync(HostProcess host, Receiver receiver, string function, string payload, string query = "") =>
        host.EnqueueAsync(function, payload, $"&callback_url={Uri.EscapeDataString(receiver.Url)}{query}");

    private static async Task<(string Path, Dictionary<string, string> Headers, byte[] Body)> WaitAsync(
        HostProcess host, Receiver receiver, int count = 1)
    {
        await Eventually.BecomesAsync(
            () => receiver.Requests.Count >= count, TimeSpan.FromSeconds(30),
            () => $"{receiver.Requests.Count} of {count} callbacks have come. {host.Output}");
        return receiver.Requests.ElementAt(count - 1);
    }
}
