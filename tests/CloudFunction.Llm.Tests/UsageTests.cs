using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests;

/// <summary>What requests cost, and how many run.</summary>
public sealed class UsageTests
{
    [Fact]
    public async Task Tokens_OfAnswersAndStreams_AreCountedOverWorkers()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("a", 10, 1).ThenStream("b").ThenText("c", 100, 50);
        await using var project = LlmProject.At(server);
        await using var other = LlmProject.At(server, directory: project.DataDirectory); // As another worker of the project does.

        await project.Client.GetResponseAsync("Hi");
        await project.Client.GetStreamingResponseAsync("Hi").ToListAsync();
        await other.Client.GetResponseAsync("Hi");

        Assert.Equal([new LlmUsage("local", "served-model", 3, 119, 55)], await project.Clients.GetUsageAsync());
        Assert.Empty(await project.Clients.GetUsageAsync(DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime).AddDays(-1)));
        Assert.Contains(project.Logged, l => l.Contains("local answered with served-model: 10 tokens in, 1 out", StringComparison.Ordinal));
        Assert.Contains(project.Logged, l => l.Contains("9 tokens in, 4 out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tokens_OfManyAtOnce_AreAllCounted()
    {
        await using var server = await OpenAiServer.StartAsync();
        for (var i = 0; i < 40; i++)
        {
            server.ThenText("a", 2, 1);
        }

        await using var project = LlmProject.At(server);
        await using var other = LlmProject.At(server, directory: project.DataDirectory);

        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => (i % 2 == 0 ? project : other).Client.GetResponseAsync("Hi")));

        Assert.Equal([new LlmUsage("local", "served-model", 40, 80, 40)], await project.Clients.GetUsageAsync());
    }

    [Fact]
    public async Task Tokens_AreMetrics()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("a", 123_456, 654_321);
        await using var project = LlmProject.At(server);
        var seen = new ConcurrentBag<(long, string)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == "CloudFunction.Llm")
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            seen.Add((value, instrument.Name + " " + string.Join(' ', tags.ToArray().Select(t => $"{t.Key}={t.Value}")))));
        listener.Start();

        await project.Client.GetResponseAsync("Hi");

        Assert.Contains((123_456, "cloudfunction.llm.tokens provider=local model=served-model direction=input"), seen);
        Assert.Contains((654_321, "cloudfunction.llm.tokens provider=local model=served-model direction=output"), seen);
    }

    [Fact]
    public async Task Budget_OnceUsedUp_StopsBothKindsOfCallsBeforeTheyAreSent()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenText("a", 60, 50);
        await using var project = LlmProject.At(server, budget: "100");
        await project.Client.GetResponseAsync("Hi");

        var error = await Assert.ThrowsAsync<LlmBudgetExceededException>(() => project.Client.GetResponseAsync("Hi"));
        await Assert.ThrowsAsync<LlmBudgetExceededException>(() => project.Client.GetStreamingResponseAsync("Hi").ToListAsync().AsTask());

        Assert.Equal((100, 110), (error.Budget, error.Used));
        Assert.Contains("110 of its 100 tokens", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Budget_WhoseRecordIsBroken_SaysWhichFile()
    {
        await using var server = await OpenAiServer.StartAsync();
        await using var project = LlmProject.At(server, budget: "100");
        await File.WriteAllTextAsync(Path.Combine(project.DataDirectory, "llm-usage.json"), "{");

        Assert.Contains(
            "llm-usage.json", (await Assert.ThrowsAsync<IOException>(() => project.Client.GetResponseAsync("Hi"))).Message, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Requests_BeyondTheLimit_WaitUntilAStreamHasEnded()
    {
        await using var server = await OpenAiServer.StartAsync();
        var (begun, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Then(async http =>
        {
            await OpenAiServer.BeginStreamAsync(http);
            await OpenAiServer.WriteChunkAsync(http, "a");
            begun.SetResult();
            await finish.Task;
            await OpenAiServer.EndStreamAsync(http);
        }).ThenText("b");
        await using var project = LlmProject.At(server, options => options.MaxConcurrent = 1);

        var stream = project.Client.GetStreamingResponseAsync("Hi").ToListAsync().AsTask();
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30));
        var second = project.Client.GetResponseAsync("Hi");
        using var source = new CancellationTokenSource();
        var third = project.Client.GetResponseAsync("Hi", cancellationToken: source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => third); // One that waits can give up.
        Assert.Single(server.Requests);
        finish.SetResult();

        await stream.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal("b", (await second.WaitAsync(TimeSpan.FromSeconds(30))).Text);
    }

    [Fact]
    public async Task Tools_OfACall_AreCalledAndTheirResultsSentBack()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenToolCall("price_of", """{"item":"tea"}""").ThenText("Tea is 3 €.");
        await using var project = LlmProject.At(server, options => options.MaxConcurrent = 1); // A tool holds no place.
        var asked = new List<string>();
        var tool = AIFunctionFactory.Create((string item) => { asked.Add(item); return 3; }, "price_of", "The price of an item in euros");

        var response = await project.Client.GetResponseAsync("What is tea?", new ChatOptions { Tools = [tool] });

        Assert.Equal("Tea is 3 €.", response.Text);
        Assert.Equal(["tea"], asked);
        Snapshots.Match(string.Join("\n\n", server.Requests), "wire-tools");
    }
}
