using System.Net;
using System.Text;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Requests;

public sealed class InvokeParametersTests
{
    [Theory]
    [InlineData("?timeout=2.5", 2.5)]
    [InlineData("?timeout=1", 1.0)]
    [InlineData("?timeout=.5&other=1", 0.5)]
    [InlineData("?mode=sync", null)]
    [InlineData("", null)]
    public async Task Invoke_Timeout_ReachesTheRouter(string query, double? seconds)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync(query: query);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(seconds, app.Router.LastRequest.Timeout?.TotalSeconds);
    }

    [Fact]
    public async Task Invoke_HugeTimeout_IsTaken()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync(query: "?timeout=" + new string('9', 200));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(app.Router.LastRequest.Timeout > TimeSpan.FromDays(365));
    }

    [Theory]
    [InlineData("?timeout=0", "timeout")]
    [InlineData("?timeout=", "timeout")]
    [InlineData("?timeout=-1", "timeout")]
    [InlineData("?timeout=NaN", "timeout")]
    [InlineData("?timeout=Infinity", "timeout")]
    [InlineData("?timeout=1e999", "timeout")]
    [InlineData("?timeout=1,5", "timeout")]
    [InlineData("?timeout=1&timeout=2", "timeout")]
    [InlineData("?timeout=%202", "timeout")]
    [InlineData("?mode=", "mode")]
    [InlineData("?mode=async&mode=async", "mode")]
    [InlineData("?mode=nonsense", "mode")]
    [InlineData("?callback_url=https://example.com", "callback_url")]
    [InlineData("?max_attempts=2", "max_attempts")]
    [InlineData("?mode=sync&delay=2", "delay")]
    [InlineData("?mode=async&max_attempts=0", "max_attempts")]
    [InlineData("?mode=async&max_attempts=101", "max_attempts")]
    [InlineData("?mode=async&max_attempts=1.5", "max_attempts")]
    [InlineData("?mode=async&delay=-1", "delay")]
    [InlineData("?mode=async&delay=31622401", "delay")]
    [InlineData("?mode=async&delay=1&delay=2", "delay")]
    [InlineData("?mode=async&timeout=0", "timeout")]
    [InlineData("?mode=async&callback_url=", "callback_url")]
    [InlineData("?mode=async&callback_url=https://a.example&callback_url=https://b.example", "callback_url")]
    public async Task Invoke_BadQuery_IsRefusedByItsName(string query, string field)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync(query: query);

        Assert.Equal(field, (await response.ShouldFailAsync(400, "INVALID_PARAMETERS")).Field());
        Assert.Equal(0, app.Router.Calls);
    }

    [Theory]
    [InlineData("ftp://example.com/x")]
    [InlineData("https://user:secret@example.com/x")]
    [InlineData("/relative")]
    [InlineData("file:///etc/passwd")]
    public async Task Invoke_CallbackThatIsNoWebAddress_Is422(string url)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync(query: "?mode=async&callback_url=" + Uri.EscapeDataString(url));

        Assert.Equal("callback_url", (await response.ShouldFailAsync(422, "INVALID_PARAMETERS")).Field());
        Assert.Empty(app.Tasks.Requests);
    }

    [Theory]
    [InlineData("Prefer", "return=minimal")]
    [InlineData("Prefer", "not-respond-async")]
    [InlineData("Prefer", "note=\"a, respond-async, \\\", respond-async\"")]
    public async Task Invoke_OtherPreferences_AreIgnored(string name, string value)
    {
        await using var app = await TestApp.StartAsync();
        app.Client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);

        using var response = await app.InvokeAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(1, app.Router.Calls);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two words")]
    [InlineData("sch\u00fcssel")]
    [InlineData("256")]
    public async Task Invoke_BadIdempotencyKey_IsRefused(string key)
    {
        await using var app = await TestApp.StartAsync();
        var value = key == "256" ? new string('k', 256) : key;

        var answer = await app.SendRawAsync($"POST {TestApp.GreetPath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nIdempotency-Key: {value}");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Equal(0, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_TwoIdempotencyKeys_AreRefused()
    {
        await using var app = await TestApp.StartAsync();

        var answer = await app.SendRawAsync(
            $"POST {TestApp.GreetPath} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nIdempotency-Key: a\r\nIdempotency-Key: b");

        Assert.Contains("\"field\":\"Idempotency-Key\"", answer, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; charset=utf8")]
    [InlineData("application/json;charset=\"UTF8\"")]
    [InlineData("application/problem+json")]
    [InlineData("text/json")]
    public async Task Invoke_JsonMediaType_IsTaken(string? contentType)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync(contentType: contentType);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=utf80")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Invoke_OtherMediaType_Is415(string contentType)
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync(contentType: contentType);

        Assert.Equal("Content-Type", (await response.ShouldFailAsync(415, "INVALID_PARAMETERS")).Field());
        Assert.Equal(0, app.Router.Calls);
    }

    [Fact]
    public async Task Invoke_CurlsDefaultMediaType_IsToldTheHeaderToAdd()
    {
        await using var app = await TestApp.StartAsync();

        using var response = await app.InvokeAsync(contentType: "application/x-www-form-urlencoded");

        Assert.Contains("-H 'Content-Type: application/json'", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Invoke_Gzip_Is415()
    {
        await using var app = await TestApp.StartAsync();
        using var content = new StringContent("{}", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("gzip");

        using var response = await app.Client.PostAsync(TestApp.GreetPath, content);

        Assert.Equal("Content-Encoding", (await response.ShouldFailAsync(415, "INVALID_PARAMETERS")).Field());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Invoke_BodyTooLarge_Is413(bool chunked)
    {
        await using var app = await TestApp.StartAsync(static options => options.MaxRequestBytes = 1000);
        app.Router.OnInvoke = static async (request, token) =>
        {
            await request.Body.CopyToAsync(Stream.Null, token);
            return new Fakes.FakeResult("null");
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, TestApp.GreetPath)
        {
            Content = new StringContent(new string(' ', 1001), Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await app.Client.SendAsync(request);

        Assert.Equal("body", (await response.ShouldFailAsync(413, "INVALID_PARAMETERS")).Field());
    }

    [Fact]
    public async Task Invoke_BodyOfExactlyTheLimit_IsTaken()
    {
        await using var app = await TestApp.StartAsync(static options => options.MaxRequestBytes = 1000);

        using var response = await app.InvokeAsync(new string(' ', 1000));

        Assert.Equal((HttpStatusCode.OK, 1000L), (response.StatusCode, app.Router.LastRequest.Whole!.Value.Length));
    }
}
