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

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.Equal(HttpStatusCode.TooManyRequests, error.StatusCode);
        Assert.Contains(
            "It was not tried again: the provider asks to wait 3600 s, and LlmOptions.MaxRetryDelay is 30 s.",
            error.Message,
            StringComparison.Ordinal);
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

    /// <summary>Whatever is silent ends with the try's time, and lets go of its place.</summary>
    [Theory]
    [InlineData(false, "", "did not answer within 0.3 s (LlmOptions.AttemptTimeout)")]
    [InlineData(true, "", "did not answer within 0.3 s (LlmOptions.AttemptTimeout)")]
    [InlineData(false, " \n", "did not answer within 0.3 s (LlmOptions.AttemptTimeout)")]
    [InlineData(true, ": ping\n\n", "did not answer within 0.3 s (LlmOptions.AttemptTimeout)")]
    [InlineData(true, "event: ping\ndata: {\"type\":\"ping\"}\n\n", "did not answer within 0.3 s (LlmOptions.AttemptTimeout)")]
    public async Task Answer_ThatDoesNotBegin_EndsWithTheAttemptsTime(bool streams, string piece, string reason)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(http => RepeatAsync(http, "", piece)).ThenText("Hello.");
        await using var project = LlmProject.At(
            server, options => (options.AttemptTimeout, options.MaxConcurrent) = (TimeSpan.FromMilliseconds(300), 1));

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal("Hello.", (await project.Client.GetResponseAsync("Hi")).Text);
    }

    [Theory]
    [InlineData(false, "{\"choices\":[", "")]
    [InlineData(true, "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n", "")]
    [InlineData(true, "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n", ": ping\n\n")]
    [InlineData(true, "data: {\"choices\":[{\"delta\":{\"content\":\"Hel\"}}]}\n\n", "data: {\"type\":\"ping\"}\n\n")]
    public async Task Answer_ThatFallsSilent_BreaksOffWithTheAttemptsTime(bool streams, string beginning, string piece)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(http => RepeatAsync(http, beginning, piece)).ThenText("Hello.");
        await using var project = LlmProject.At(
            server, options => (options.AttemptTimeout, options.MaxConcurrent) = (TimeSpan.FromMilliseconds(300), 1));

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Contains("' broke off: nothing came for 0.3 s (LlmOptions.AttemptTimeout)", error.Message, StringComparison.Ordinal);
        Assert.Equal("Hello.", (await project.Client.GetResponseAsync("Hi")).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Error_WhoseReasonDoesNotCome_CountsByItsStatus(bool streams)
    {
        await using var server = await OpenAiServer.StartAsync();
        server.Then(http =>
        {
            http.Response.StatusCode = 400;
            return RepeatAsync(http, "half a reas", "");
        });
        await using var project = LlmProject.At(server, options => options.AttemptTimeout = TimeSpan.FromMilliseconds(300));

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams).WaitAsync(TimeSpan.FromSeconds(60)));

        Assert.Equal(HttpStatusCode.BadRequest, error.StatusCode);
        Assert.Contains("answered 400: half a reas (", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(201)]
    [InlineData(202)]
    [InlineData(206)]
    public async Task Answer_WithAnotherGoodStatus_IsOne(int status)
    {
        foreach (var streams in new[] { false, true })
        {
            await using var server = await OpenAiServer.StartAsync();
            server.Then(http =>
            {
                http.Response.StatusCode = status;
                return http.Response.WriteAsync("""{"choices":[{"message":{"content":"Hello."},"finish_reason":"stop"}]}""");
            });
            await using var project = LlmProject.At(server);

            Assert.Equal("Hello.", await AskAsync(project.Client, streams));
        }
    }

    [Theory]
    [InlineData(300, null, "answered 300: not here (")]
    [InlineData(301, "https://example.com/v1/", "answered 301: it redirects to https://example.com/v1/ (")]
    [InlineData(302, "file:///etc/passwd", "answered 302: it redirects to file:///etc/passwd (")]
    [InlineData(307, "/v2/chat/completions", "answered 307: it redirects to /v2/chat/completions (")]
    [InlineData(308, "http://[", "answered 308: ")]
    [InlineData(404, null, "answered 404: not here (")]
    [InlineData(999, null, "answered 999: not here (")]
    public async Task Status_ThatIsNotGood_IsReported(int status, string? location, string expected)
    {
        foreach (var streams in new[] { false, true })
        {
            await using var server = await OpenAiServer.StartAsync();
            server.Then(http =>
            {
                http.Response.StatusCode = status;
                http.Response.Headers.Location = location;
                return http.Response.WriteAsync("not here");
            });
            await using var project = LlmProject.At(server);

            var error = await Assert.ThrowsAsync<LlmRequestException>(() => AskAsync(project.Client, streams));

            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
            Assert.Equal((HttpStatusCode)status, error.StatusCode);
            Assert.Single(server.Requests);
        }
    }

    [Fact]
    public async Task Answer_ThatEndsInTheMidstOfItsJson_BrokeOff()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody("""{"choices":[{"message":{"content":"Hel""");
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.Contains("' broke off: its body ended in the midst of its JSON (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_ThatCallsWhatNobodyOffered_IsAskedOnce()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenToolCall("format_disk", "{}");
        await using var project = LlmProject.At(server);

        var response = await project.Client.GetResponseAsync("Hi");

        Assert.Equal("format_disk", Assert.Single(response.Messages.SelectMany(m => m.Contents).OfType<FunctionCallContent>()).Name);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task Refusal_OfAStream_IsThereAsThatOfAWholeAnswer()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody("""{"choices":[{"message":{"role":"assistant","content":null,"refusal":"I can't"},"finish_reason":"stop"}]}""")
            .ThenBody("""
                data: {"choices":[{"index":0,"delta":{"role":"assistant","refusal":"I "}}]}

                data: {"choices":[{"index":0,"delta":{"refusal":"can't"}}]}

                data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

                data: [DONE]


                """);
        await using var project = LlmProject.At(server);

        var whole = await project.Client.GetResponseAsync("Hi");
        var stream = await project.Client.GetStreamingResponseAsync("Hi").ToChatResponseAsync();

        var (expected, actual) = (Assert.Single(Errors(whole)), Assert.Single(Errors(stream)));
        Assert.Equal((expected.Message, expected.ErrorCode, whole.FinishReason), (actual.Message, actual.ErrorCode, stream.FinishReason));
        Assert.Equal("I can't", actual.Message);

        static IEnumerable<ErrorContent> Errors(ChatResponse response) => response.Messages.SelectMany(m => m.Contents).OfType<ErrorContent>();
    }

    [Fact]
    public async Task Error_WithControlCharacters_ShowsNoneOfThem()
    {
        await using var server = await OpenAiServer.StartAsync();
        server.ThenBody("""{"error":{"message":"\u001b[31mred\u0007\u0000 alert\u009b"}}""");
        await using var project = LlmProject.At(server);

        var error = await Assert.ThrowsAsync<LlmRequestException>(() => project.Client.GetResponseAsync("Hi"));

        Assert.DoesNotContain(error.Message, char.IsControl);
        Assert.Contains("reported an error: [31mred alert (", error.Message, StringComparison.Ordinal);
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
        Assert.Contains("' broke off: ", error.Message, StringComparison.Ordinal);
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

    private static async Task<string> AskAsync(IChatClient client, bool streams) => streams
        ? string.Concat(await client.GetStreamingResponseAsync("Hi").Select(u => u.Text).ToListAsync())
        : (await client.GetResponseAsync("Hi")).Text;

    // Sends the one, and then the other again and again, or nothing more.
    private static async Task RepeatAsync(HttpContext http, string beginning, string piece)
    {
        await http.Response.WriteAsync(beginning);
        await http.Response.Body.FlushAsync();
        while (piece.Length > 0 && !http.RequestAborted.IsCancellationRequested)
        {
            await http.Response.WriteAsync(piece);
            await http.Response.Body.FlushAsync();
        }

        await WaitForEndAsync(http);
    }

    private static async Task WaitForEndAsync(HttpContext http)
    {
        var ended = new TaskCompletionSource();
        using var _ = http.RequestAborted.Register(ended.SetResult);
        await ended.Task;
    }
}
