using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>Streaming functions, from the enumerator in a worker to the client's socket.</summary>
public sealed class StreamingTests
{
    private const string Lines = "application/x-ndjson";
    private const string Events = "text/event-stream";

    [SkippableFact]
    public async Task Read_ClientStopsForAWhile_HoldsTheFunctionBackAndLosesNothing()
    {
        const int Count = 10_000;
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        using var response = await StartAsync(host, $$"""{"id":"a","count":{{Count}},"bytes":10000}""", Lines);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(1, NumberOf(await reader.ReadLineAsync()));

        // By then what lies between is full: the sockets' buffers on both sides, several megabytes of them.
        var made = 0;
        await Eventually.BecomesAsync(
            async () =>
            {
                var before = made;
                await Task.Delay(TimeSpan.FromMilliseconds(500));
                return (made = await root.WaitForNumberAsync("faulty", "a.made")) == before;
            },
            TimeSpan.FromSeconds(30),
            () => Task.FromResult($"{made} items were made though nobody reads."));
        await Eventually.HoldsAsync(
            () => File.ReadAllText(root.Marker("faulty", "a.made")) == $"{made}", TimeSpan.FromSeconds(2), () => "It goes on though nobody reads.");
        Assert.True(made < Count / 2, $"{made} items of 10 KB were made though nobody reads.");

        for (var number = 2; number <= Count; number++)
        {
            Assert.Equal(number, NumberOf(await reader.ReadLineAsync()));
        }

        Assert.Null(await reader.ReadLineAsync());
    }

    [SkippableFact]
    public async Task Read_ItemByItem_EachArrivesBeforeTheNextIsMade()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        using var response = await StartAsync(host, """{"id":"a","count":2,"milliseconds":60000}""", Events);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        Assert.Equal("""data: {"number":1,"text":""}""", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("", await reader.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [SkippableTheory]
    [InlineData(5)]
    [InlineData(60_000)]
    public async Task Leave_InTheMiddle_EndsTheEnumeratorAndTheWorkerStays(int pause)
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var pid = await host.WorkerOfAsync("faulty");
        using (var response = await StartAsync(host, $$"""{"id":"a","count":1000000,"milliseconds":{{pause}}}""", Lines))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal(1, NumberOf(await reader.ReadLineAsync()));
        }

        Assert.Equal(pid, await root.WaitForNumberAsync("faulty", "a.ended"));
        Assert.Equal(pid, await host.WorkerOfAsync("faulty"));
    }

    [SkippableFact]
    public async Task Fail_InTheMiddle_IsToldInTheFormatAfterWhatCameBefore()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);

        var lines = (await TextAsync(host, """{"id":"a","count":5,"failAt":2}""", Lines)).Split('\n');
        var events = (await TextAsync(host, """{"id":"a","count":5,"failAt":2}""", Events)).Split("\n\n");

        Assert.Equal([1, 2], lines.Take(2).Select(NumberOf));
        AssertError(lines[2], "EXECUTION_ERROR", "There is no item 3.");
        Assert.Equal(["data: {\"number\":1,\"text\":\"\"}", "data: {\"number\":2,\"text\":\"\"}"], events.Take(2));
        Assert.StartsWith("event: error\ndata: ", events[2], StringComparison.Ordinal);
        AssertError(events[2]["event: error\ndata: ".Length..], "EXECUTION_ERROR", "There is no item 3.");
        Assert.Equal([4, 4], new[] { lines.Length, events.Length }); // Nothing follows but the empty rest.
    }

    [SkippableFact]
    public async Task Take_LongerThanItsTime_IsToldInTheFormat()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);

        var lines = (await TextAsync(host, """{"id":"a","count":1000000,"milliseconds":5}""", Lines, "?timeout=1")).TrimEnd('\n').Split('\n');

        Assert.Equal(Enumerable.Range(1, lines.Length - 1), lines.SkipLast(1).Select(NumberOf));
        AssertError(lines[^1], "TIMEOUT_ERROR", "The function did not end within its time.");
        await root.WaitForMarkerAsync("faulty", "a.ended");
    }

    [SkippableFact]
    public async Task Kill_WorkerInTheMiddle_IsToldInTheFormat()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var pid = await host.WorkerOfAsync("faulty");
        using var response = await StartAsync(host, """{"id":"a","count":3,"milliseconds":60000}""", Lines);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        Assert.Equal(1, NumberOf(await reader.ReadLineAsync()));

        UnixProcess.Signal(pid, UnixProcess.SigKill);

        AssertError((await reader.ReadLineAsync())!, "WORKER_CRASHED", "The worker ended while it ran this call.");
        Assert.Null(await reader.ReadLineAsync());
    }

    [SkippableFact]
    public async Task Invoke_AsOneResult_IsTheArrayOfItsItems()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        const string Payload = """{"id":"a","count":2}""";

        using var response = await StartAsync(host, Payload, "application/json");
        var now = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("result");
        var later = (await host.WaitForTaskAsync(await host.EnqueueAsync("items", Payload), "completed")).GetProperty("result");

        Assert.Equal("""[{"number":1,"text":""},{"number":2,"text":""}]""", now.GetRawText());
        Assert.Equal(now.GetRawText(), later.GetRawText());
    }

    [SkippableFact]
    public async Task Invoke_PayloadDoesNotFit_IsAnErrorAsAnyOther()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);

        (await host.InvokeAsync("faulty", "items", """{"id":"a","count":"many"}""")).AssertError(HttpStatusCode.BadRequest, "INVALID_PARAMETERS");
    }

    private static async Task<HttpResponseMessage> StartAsync(HostProcess host, string payload, string accept, string query = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/v1/functions/faulty/items/invoke{query}")
        {
            Content = new StringContent(payload, Encoding.UTF8, "application/json"),
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(accept));
        var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpStatusCode.OK, accept), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        return response;
    }

    private static async Task<string> TextAsync(HostProcess host, string payload, string accept, string query = "")
    {
        using var response = await StartAsync(host, payload, accept, query);
        return await response.Content.ReadAsStringAsync();
    }

    private static int NumberOf(string? line) => JsonElement.Parse(line ?? "{}").GetProperty("number").GetInt32();

    private static void AssertError(string json, string code, string message)
    {
        var error = JsonElement.Parse(json);
        Assert.Equal(
            ("error", code, message),
            (error.GetProperty("status").GetString(), error.GetProperty("code").GetString(), error.GetProperty("message").GetString()));
        Assert.NotEmpty(error.GetProperty("trace_id").GetString()!);
    }
}
