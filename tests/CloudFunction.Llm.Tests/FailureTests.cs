using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.AI;

namespace CloudFunction.Llm.Tests;

/// <summary>What becomes of a request when the provider is not at its best.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(408)]
    public async Task Request_ThatMeetsATransientStatus_IsTriedAgain(int status)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenStatus(status).ThenStatus(status).ThenText("Hello.");
        await using var project = LlmProject.At(server);

        Assert.Equal("Hello.", (await project.Client.GetResponseAsync("Hi")).Text);
        Assert.Equal(3, server.Requests.Count);
        Assert.Single(server.Requests.Select(r => r.ToString()).Distinct()); // The same request, body and all.
        Assert.Equal(2, project.Logged.Count(l => l.StartsWith("Warning: Try ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_WithRetryAfter_WaitsForIt(bool asDate)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenStatus(429, asDate ? TimeProvider.System.GetUtcNow().AddSeconds(2).ToString("R", CultureInfo.InvariantCulture) : "1")
            .ThenText("Hello.");
        await using var project = LlmProject.At(server);

        await project.Client.GetResponseAsync("Hi");

        // The wait that was asked for, and not the millisecond of RetryDelay.
        var retry = Assert.Single(project.Logged, l => l.Contains("trying again", StringComparison.Ordinal));
        var wait = int.Parse(retry.Split("again in ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(wait, asDate ? 1 : 1000, 2000);
    }

    [Fact]
    public async Task Request_WhoseRetryAfterIsTooLong_FailsAtOnce()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenStatus(429, "3600");
        await using var project = LlmProject.At(server);

        Assert.Equal(
            HttpStatusCode.TooManyRequests, (await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"))).StatusCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Request_WhoseRetriesAreUsedUp_SaysWhatTheProviderSaid()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenStatus(500).ThenStatus(500).ThenStatus(502);
        await using var project = LlmProject.At(server, options => options.MaxRetries = 2);

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.Equal(("local", HttpStatusCode.BadGateway), (error.Provider, error.StatusCode));
        Assert.Contains("'local' answered 502", error.Message, StringComparison.Ordinal);
        Assert.Contains("Told to say 502.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400, "Told to say 400.")]
    [InlineData(401, "Is the key in LLM_LOCAL_API_KEY right?")]
    [InlineData(404, "Are LLM_LOCAL_BASE_URL and LLM_LOCAL_MODEL right?")]
    public async Task Request_ThatIsRefused_IsNotTriedAgainAndSaysWhereToLook(int status, string hint)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenStatus(status);
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.Contains(hint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-key", error.ToString(), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Request_WithoutAServer_SaysThatItCannotBeReached()
    {
        string url;
        await using (var gone = await OpenAiServer.StartAsync())
        {
            url = gone.Url;
        }

        await using var project = LlmProject.With(
            new() { ["DEFAULT_LLM_PROVIDER"] = "x", ["LLM_X_BASE_URL"] = url, ["LLM_X_API_KEY"] = "k", ["LLM_X_MODEL"] = "m" },
            options => (options.RetryDelay, options.MaxRetries) = (TimeSpan.FromMilliseconds(1), 1));

        Assert.Contains(
            "cannot be reached",
            (await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"))).Message,
            StringComparison.Ordinal);
        Assert.Single(project.Logged, l => l.Contains("trying again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_ThatIsNotAnswered_EndsWithTheAttemptsTime()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(http => WaitForEndAsync(http));
        await using var project = LlmProject.At(server, options => options.AttemptTimeout = TimeSpan.FromMilliseconds(200));

        Assert.Contains(
            "did not answer within 0.2 s",
            (await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Request_WhoseTokenFires_EndsAsCancelledAtTheServerToo(bool streams)
    {
        await using var server = await OpenAiServer.StartAsync();
        var (arrived, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        server.Then(async http =>
        {
            arrived.SetResult();
            await WaitForEndAsync(http);
            ended.SetResult();
        });
        await using var project = LlmProject.At(server);
        using var source = new CancellationTokenSource();

        Task call = streams
            ? project.Client.GetStreamingResponseAsync("Hi", cancellationToken: source.Token).ToListAsync().AsTask()
            : project.Client.GetResponseAsync("Hi", cancellationToken: source.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Request_WhoseTokenFiresWhileItWaitsToRetry_EndsAtOnce()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenStatus(429, "25");
        await using var project = LlmProject.At(server);
        using var source = new CancellationTokenSource();

        var call = project.Client.GetResponseAsync("Hi", cancellationToken: source.Token);
        await TestWait.UntilAsync(
            () => project.Logged.Any(l => l.Contains("trying again", StringComparison.Ordinal)), () => string.Join('\n', project.Logged));
        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>Welcome</html>")]
    [InlineData("{}")]
    [InlineData("""{"choices":[]}""")]
    [InlineData("[1,2]")]
    [InlineData("""{"choices":[{"message":""")]
    public async Task Answer_ThatIsNoCompletion_IsAClearError(string body)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(http => http.Response.WriteAsync(body));
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.Contains("answered with something other than a chat completion", error.Message, StringComparison.Ordinal);
        Assert.Null(error.StatusCode);
    }

    [Fact]
    public async Task Stream_ThatIsCut_GivesWhatCameAndThenFailsWithoutARetry()
    {
        await using var server = await OpenAiServer.StartAsync();
        var seen = new TaskCompletionSource();
        server.Then(async http =>
        {
            await OpenAiServer.BeginStreamAsync(http);
            await OpenAiServer.WriteChunkAsync(http, "Hel");
            await seen.Task; // A reset throws away what the client has not read.
            http.Abort();
        });
        await using var project = LlmProject.At(server);
        var text = "";

        var error = await Assert.ThrowsAsync<LlmRequestException>(async () =>
        {
            await foreach (var update in project.Client.GetStreamingResponseAsync("Hi"))
            {
                text += update.Text;
                seen.TrySetResult();
            }
        });

        Assert.Equal("Hel", text);
        Assert.Contains("broke off", error.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Stream_WhoseFirstTryFails_IsTriedAgainBeforeItBegins()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenStatus(503).ThenStream("a", "b");
        await using var project = LlmProject.At(server);

        Assert.Equal("ab", string.Concat(await project.Client.GetStreamingResponseAsync("Hi").Select(u => u.Text).ToListAsync()));
    }

    private static async Task WaitForEndAsync(HttpContext http)
    {
        var ended = new TaskCompletionSource();
        using var _ = http.RequestAborted.Register(ended.SetResult);
        await ended.Task;
    }
}
