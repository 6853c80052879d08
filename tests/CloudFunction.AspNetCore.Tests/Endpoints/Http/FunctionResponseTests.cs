using CloudFunction.AspNetCore.Tests.Fakes;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Http;

/// <summary>Responses that no worker of ours would send: the host trusts none.</summary>
public sealed class FunctionResponseTests
{
    public static TheoryData<int, string, string, string> Bad => new()
    {
        { 99, "X-A", "a", "status 99" },
        { 101, "X-A", "a", "status 101" },
        { 600, "X-A", "a", "status 600" },
        { -1, "X-A", "a", "status -1" },
        { 200, "Content-Length", "abc", "Content-Length" },
        { 200, "Content-Length", "-1", "Content-Length" },
        { 200, "Content-Length", "+2", "Content-Length" },
        { 200, "Content-Length", "99999999999999999999", "Content-Length" },
        { 204, "Content-Length", "abc", "Content-Length" },
        { 200, "X-Bad", "a\r\nX-Injected: b", "X-Bad" },
        { 200, "X-Bad", "a\0", "X-Bad" },
        { 200, "X-Bad", "ä", "X-Bad" },
        { 200, "", "a", "name" },
        { 200, "X Bad", "a", "name" },
        { 200, "X-Bad:", "a", "name" },
        { 200, "Connection", string.Join(", ", Enumerable.Range(0, 65).Select(number => $"X-{number}")), "Connection" },
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Answer_HeadThatCannotBeSent_IsTheFunctionsFailure(int status, string name, string value, string named)
    {
        await using var app = await TestApp.StartAsync();
        var result = new FakeHttpResult(status, [("X-Fine", "1"), (name, value)], "body");
        app.Router.Answer(result);

        using var response = await app.Client.GetAsync("/fn/hello/greet");

        var details = await response.ShouldFailAsync(500, "EXECUTION_ERROR");
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(named, text, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.Equal(result.InvocationId, details.GetProperty("invocation_id").GetString());
        Assert.False(response.Headers.Contains("X-Fine"));
        Assert.True(result.Disposed);
        Assert.NotNull(result.FailedWith);
        var line = Assert.Single(app.Log.Lines);
        Assert.Contains(named, line, StringComparison.Ordinal);
        Assert.Contains(result.InvocationId, line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("3", "1", "2")]
    [InlineData("3", "")]
    [InlineData("3", "1", "234", "")]
    public async Task Answer_BodyOfAnotherLengthThanAnnounced_IsCutAndTheFunctionsFailure(string length, params string[] parts)
    {
        await using var app = await TestApp.StartAsync();
        var result = new FakeHttpResult(200, [("Content-Length", length)], parts);
        app.Router.Answer(result);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Client.GetStringAsync("/fn/hello/greet"));

        await Patience(() => result.Disposed);
        Assert.Contains("Content-Length", result.FailedWith?.Message, StringComparison.Ordinal);
        var line = Assert.Single(app.Log.Lines);
        Assert.Contains("'Content-Length' is " + length, line, StringComparison.Ordinal);
    }

    // Who has read as much as was announced has a whole answer, and no server can take it back.
    [Theory]
    [InlineData("1", "1", "2")]
    [InlineData("0", "1", "")]
    public async Task Answer_BodyBeyondWhatWasAnnouncedAndSent_IsTheFunctionsFailureAndNeverSent(string length, params string[] parts)
    {
        await using var app = await TestApp.StartAsync();
        var result = new FakeHttpResult(200, [("Content-Length", length)], parts);
        app.Router.Answer(result);

        var answer = "";
        try
        {
            answer = await app.SendRawAsync("GET /fn/hello/greet HTTP/1.1\r\nHost: localhost");
        }
        catch (IOException)
        {
            // The connection is reset, which may overtake what was sent.
        }

        Assert.DoesNotContain("\r\n\r\n" + string.Concat(parts), answer, StringComparison.Ordinal);
        await Patience(() => result.Disposed);
        Assert.Contains("Content-Length", result.FailedWith?.Message, StringComparison.Ordinal);
        Assert.Single(app.Log.Lines);
    }

    [Theory]
    [InlineData("GET", 204, "7", "body")]
    [InlineData("GET", 205, "7", "body")]
    [InlineData("GET", 304, "7", "body")]
    [InlineData("HEAD", 200, "7", "body")]
    [InlineData("HEAD", 200, "7", "")]
    [InlineData("HEAD", 204, "7", "body")]
    public async Task Answer_WithoutABody_TakesALengthAndDropsTheBody(string method, int status, string length, string body)
    {
        await using var app = await TestApp.StartAsync();
        var result = new FakeHttpResult(status, [("Content-Length", length)], body);
        app.Router.Answer(result);

        var answer = await app.SendRawAsync($"{method} /fn/hello/greet HTTP/1.1\r\nHost: localhost");

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(status is 200 or 304, answer.Contains("Content-Length: 7", StringComparison.Ordinal));
        Assert.Null(result.FailedWith);
        Assert.Empty(app.Log.Lines);
    }

    [Theory]
    [InlineData("close, X-Drop")]
    [InlineData("x-drop")]
    [InlineData(" ,X-DROP\t, close")]
    public async Task Answer_HeadersThatItsConnectionNames_DoNotGoThrough(string connection)
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeHttpResult(
            200,
            [
                ("X-Drop", "1"), ("X-Keep", "2"), ("Connection", connection), ("Connection", "Content-Type, Content-Length"),
                ("Transfer-Encoding", "gzip"), ("Upgrade", "h2c"), ("Content-Type", "a/b"), ("Content-Length", "4"),
            ],
            "body"));

        var answer = await app.SendRawAsync("GET /fn/hello/greet HTTP/1.1\r\nHost: localhost");

        Assert.DoesNotContain("X-Drop", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Transfer-Encoding", answer, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Upgrade", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("X-Keep: 2\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Type: a/b\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nbody", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_DateAndServerOfItsOwn_AreSentOnce()
    {
        await using var app = await TestApp.StartAsync();
        app.Router.Answer(new FakeHttpResult(200, [("Date", "Thu, 01 Jan 1970 00:00:00 GMT"), ("Server", "mine")], "body"));

        var answer = await app.SendRawAsync("GET /fn/hello/greet HTTP/1.1\r\nHost: localhost");

        Assert.Equal(2, answer.Split("\r\nDate: ").Length);
        Assert.Contains("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Server: mine\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answer_TrailersThatCannotBeSent_CutTheConnection()
    {
        await using var app = await TestApp.StartAsync();
        var result = new FakeHttpResult(200, [], "body") { SentTrailers = [("Transfer-Encoding", "chunked")] };
        app.Router.Answer(result);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => app.Client.GetStringAsync("/fn/hello/greet"));

        await Patience(() => result.Disposed);
        Assert.Contains("Transfer-Encoding", result.FailedWith?.Message, StringComparison.Ordinal);
    }

    private static async Task Patience(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, "The result was never given back.");
            await Task.Yield();
        }
    }
}
