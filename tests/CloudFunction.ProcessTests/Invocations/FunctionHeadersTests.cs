using System.Net;
using System.Net.Sockets;
using System.Text;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>Headers that functions set, right and wrong, as a client sees them on its socket. The project has one place: a call that kept it would
/// show.</summary>
public sealed class FunctionHeadersTests : IAsyncLifetime
{
    private readonly ContentRoot _root = new ContentRoot().WithAnswers("web");
    private HostProcess _host = null!;

    public async Task InitializeAsync() => _host = await HostProcess.StartAsync(_root, ("MAX_CONCURRENT", "1"), ("TIMEOUT_NOTIFY", "20s"));

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _root.Dispose();
    }

    [SkippableFact]
    public async Task Answer_WhatCannotBeSent_IsTheFunctionsFailureThatNamesIt()
    {
        (string Query, string Named)[] bad =
        [
            ("h=Content-Length:abc", "Content-Length"), ("h=Content-Length:-1&async=1", "Content-Length"),
            ("h=content-length:1&h=Content-Length:1&sync=1", "ontent-"), ("h=Content-Length:2&sync=1", "'Content-Length' is 2"),
            ("h=Content-Length:2&sync=3", "'Content-Length' is 2"), ("h=Content-Length:2", "'Content-Length' is 2"),
            ("h=Content-Length:2&async=3", "'Content-Length' is 2"), ("h=Content-Length:2&sync=1&async=2", "'Content-Length' is 2"),
            ("h=X-Bad:a%0D%0AX-Injected:b&async=1", "X-Bad"), ("h=X-Bad:a%0Ab", "X-Bad"), ("h=X-Bad:a%00b", "X-Bad"), ("h=X-Bad:%C3%A4", "X-Bad"),
            ("h=X-Bad:%7F", "X-Bad"), ("h=:a", "''"), ("h=X%20Bad:a&async=1", "X?Bad"), ("h=%C3%A4:a", "'?'"),
            ("h=Content-Type:a/b&h=Content-Type:c/d", "Content-Type"), ("h=Date:a&h=Date:b", "Date"), ("h=Server:a&h=server:b", "erver"),
            ("h=Location:/a&h=Location:/b&status=302", "Location"), ("big=70000", "65536"), ("t=Content-Length:1", "Content-Length"),
            ("t=X-Bad:a%0Db", "X-Bad"), ("status=99", "200 to 599"), ("status=101", "200 to 599"), ("status=600", "200 to 599"),
        ];
        foreach (var (query, named) in bad)
        {
            var answer = await RawAsync($"GET /fn/web/answer?{query} HTTP/1.1");

            Assert.True(answer.StartsWith("HTTP/1.1 500 ", StringComparison.Ordinal), $"{query}: {answer}");
            Assert.Contains("\"code\":\"EXECUTION_ERROR\"", answer, StringComparison.Ordinal);
            Assert.Contains(named, answer, StringComparison.Ordinal);
            Assert.DoesNotContain("X-Injected: b", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
            await AssertServesAsync(query);
        }

        AssertHostIsUnmoved();
    }

    [SkippableTheory]
    [InlineData("h=Content-Length:2&async=1")]
    [InlineData("h=Content-Length:2&async=1&sync=2")]
    [InlineData("async=1&t=X-Bad:a%0Db")]
    public async Task Answer_WhatTurnsOutWrongOnceItHasBegun_IsCutAndNeverLooksWhole(string query)
    {
        using var client = _host.NewClient();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(new Uri($"/fn/web/answer?{query}", UriKind.Relative)));

        await AssertServesAsync(query);
        AssertHostIsUnmoved();
        await Eventually.BecomesAsync(
            () => _host.Output.Find("The response ") is not null, TimeSpan.FromSeconds(15), () => $"The failure was not logged. {_host.Output}");
    }

    [SkippableTheory]
    [InlineData("GET", "status=204&h=Content-Length:0", 204, null)]
    [InlineData("GET", "status=204&h=Content-Length:5&async=5", 204, null)]
    [InlineData("GET", "status=204&async=5", 204, null)]
    [InlineData("GET", "status=205&sync=5", 205, "0")]
    [InlineData("GET", "status=304&h=Content-Length:5", 304, "5")]
    [InlineData("GET", "status=304&async=5", 304, null)]
    [InlineData("HEAD", "h=Content-Length:5", 200, "5")]
    [InlineData("HEAD", "h=Content-Length:5&async=5", 200, "5")]
    [InlineData("HEAD", "h=Content-Length:5&async=9", 200, "5")]
    public async Task Answer_ThatHasNoBody_EndsWithItsHeadOnAConnectionThatGoesOn(string method, string query, int status, string? length)
    {
        // The next answer must be found where this one ends.
        var answer = await RawAsync($"{method} /fn/web/answer?{query} HTTP/1.1\r\nHost: localhost\r\n\r\nGET /ping HTTP/1.1");

        var parts = answer.Split("\r\n\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", parts[0], StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 ", parts[1], StringComparison.Ordinal);
        Assert.Equal(length is not null, parts[0].Contains("Content-Length: " + length, StringComparison.Ordinal));
        AssertHostIsUnmoved();
    }

    [SkippableFact]
    public async Task Answer_HeadersThatItsConnectionNames_DoNotGoThrough()
    {
        var answer = await RawAsync(
            "GET /fn/web/answer?h=X-Drop:1&h=X-Keep:2&h=Connection:close%2C%20x-drop&h=Transfer-Encoding:gzip&h=Keep-Alive:timeout=5"
            + "&h=Content-Length:3&async=3 HTTP/1.1");

        Assert.StartsWith("HTTP/1.1 200 ", answer, StringComparison.Ordinal);
        Assert.Contains("X-Keep: 2\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 3\r\n", answer, StringComparison.Ordinal);
        foreach (var name in new[] { "X-Drop", "Transfer-Encoding", "Keep-Alive" })
        {
            Assert.DoesNotContain(name, answer, StringComparison.OrdinalIgnoreCase);
        }
    }

    [SkippableTheory]
    [InlineData("close, X-Drop")]
    [InlineData("keep-alive, X-Drop\r\nConnection: close")]
    [InlineData("X-Drop\r\nConnection: close")]
    [InlineData(" ,close ,,\tx-drop\t")]
    [InlineData("close, Host, Content-Length, X-Forwarded-For, X-Drop")]
    public async Task Request_HeadersThatItsConnectionNames_DoNotReachTheFunction(string connection)
    {
        var answer = await RawAsync(
            "GET /fn/web/answer?names=1 HTTP/1.1\r\nX-Drop: 1\r\nX-Keep: 2\r\nX-Forwarded-For: 203.0.113.9\r\nContent-Length: 0\r\n"
            + $"Connection: {connection}",
            connection: null);

        Assert.Contains("Content-Length Host X-Forwarded-For X-Keep", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Drop", answer, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Request_ConnectionNamesTooMany_IsRefused()
    {
        var names = string.Join(',', Enumerable.Range(0, 100).Select(number => $"a{number}"));

        var answer = await RawAsync($"GET /fn/web/answer HTTP/1.1\r\nConnection: close, {names}", connection: null);

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("INVALID_PARAMETERS", answer, StringComparison.Ordinal);
    }

    private async Task AssertServesAsync(string after)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, "/fn/web/answer?async=1");
        Assert.True(answer.Status == HttpStatusCode.OK, $"After {after}: {answer} {_host.Output}");
    }

    // No exception of the server's own, and so no stack of it.
    private void AssertHostIsUnmoved()
    {
        Assert.Equal(0, _host.Output.Count("Microsoft.AspNetCore"));
        Assert.Equal(0, _host.Output.Count("failed (trace"));
    }

    private async Task<string> RawAsync(string request, string? connection = "close")
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port, limit.Token);
        await using var stream = client.GetStream();
        var end = connection is null ? "" : $"Connection: {connection}\r\n";
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"{request}\r\nHost: localhost\r\n{end}\r\n"), limit.Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(limit.Token);
    }
}
