using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>HTTP functions, from the client's socket to the function's streams and back.</summary>
public sealed class HttpFunctionTests : IAsyncLifetime
{
    private readonly ContentRoot _root = new ContentRoot().With("faulty", "faulty");
    private HostProcess _host = null!;

    public async Task InitializeAsync() => _host = await HostProcess.StartAsync(_root, ("MAX_REQUEST_BYTES", "50MB"));

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        _root.Dispose();
    }

    [SkippableFact]
    public async Task Request_AnyMethodPathQueryHeadersAndBody_ReachTheFunction()
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, "/fn/faulty/site/request/a%20b/%E4%B8%AD?q=1&r=%20")
        {
            Content = new StringContent("the body"),
        };
        request.Headers.Add("X-A", ["1", "2"]);
        request.Headers.Add("X-Hop", "gone");
        request.Headers.Connection.Add("X-Hop");

        using var response = await _host.Client.SendAsync(request);

        Assert.Equal("PATCH /request/a b/中 ?q=1&r=%20 [X-A=1, 2] the body", await response.Content.ReadAsStringAsync());
        Assert.Equal(["1", "2"], response.Headers.GetValues("X-Twice"));
    }

    [SkippableTheory]
    [InlineData("/fn/faulty/site")]
    [InlineData("/fn/faulty/site/")]
    public async Task Request_OfTheFunctionItself_HasTheRootAsItsPath(string url) =>
        Assert.Equal("the root", await _host.Client.GetStringAsync(new Uri(url, UriKind.Relative)));

    [SkippableFact]
    public async Task Body_OfManyWindows_IsStreamedBothWaysAtOnce()
    {
        var sent = new byte[40 << 20];
        Random.Shared.NextBytes(sent);
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
        await using var stream = client.GetStream();
        var sending = Task.Run(async () =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"PUT /fn/faulty/site/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {sent.Length}\r\n\r\n"));
            await stream.WriteAsync(sent);
        });

        using var received = new MemoryStream();
        await stream.CopyToAsync(received).WaitAsync(TimeSpan.FromSeconds(60));

        await sending;
        var (head, body) = Dechunk(received.ToArray());
        Assert.Contains("Content-Type: application/octet-stream", head, StringComparison.Ordinal);
        Assert.True(sent.AsSpan().SequenceEqual(body), $"{body.Length} of {sent.Length} bytes came, or others. {head}");
    }

    [SkippableFact]
    public async Task Body_ComesInParts_EachPartIsAnsweredBeforeTheNext()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(_host.Address.Host, _host.Address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("POST /fn/faulty/site/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray());
        foreach (var part in new[] { "one", "two", "three" })
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"{part.Length:x}\r\n{part}\r\n"));
            await ReadUntilAsync(stream, part);
        }

        await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        await ReadUntilAsync(stream, "0\r\n\r\n");
    }

    [SkippableFact]
    public async Task Answer_BeforeTheBodyIsThere_ArrivesAndTheNextCallDoesToo()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/fn/faulty/site/early") { Content = new ByteArrayContent(new byte[5 << 20]) };

        using var response = await _host.Client.SendAsync(request);

        Assert.Equal("early", await response.Content.ReadAsStringAsync());
        Assert.Equal("early", await _host.Client.GetStringAsync(new Uri("/fn/faulty/site/early", UriKind.Relative)));
    }

    [SkippableTheory]
    [InlineData(201, "body")]
    [InlineData(204, "")]
    [InlineData(304, "")]
    [InlineData(404, "body")]
    [InlineData(599, "body")]
    public async Task Status_OfTheFunction_IsTheResponses(int status, string body)
    {
        using var response = await _host.Client.GetAsync(new Uri($"/fn/faulty/site/status/{status}", UriKind.Relative));

        Assert.Equal((status, body), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [SkippableFact]
    public async Task Head_OfAPage_HasNoBody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/fn/faulty/site/status/200");

        using var response = await _host.Client.SendAsync(request);

        Assert.Equal((HttpStatusCode.OK, ""), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }

    [SkippableTheory]
    [InlineData("status/101", "200 to 599")]
    [InlineData("throw", "There is no such page.")]
    [InlineData("header", "X-Bad")]
    public async Task Fail_BeforeTheResponse_IsAnErrorAsAnyOther(string path, string message)
    {
        var answer = await _host.SendAsync(HttpMethod.Get, $"/fn/faulty/site/{path}");

        Assert.Contains(message, answer.AssertError(HttpStatusCode.InternalServerError, "EXECUTION_ERROR"));
    }

    [SkippableFact]
    public async Task Fail_InTheResponse_CutsTheConnection()
    {
        // The reset that cuts it may overtake what was sent before, the head included.
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await _host.Client.GetAsync(
                new Uri("/fn/faulty/site/break", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            await response.Content.ReadAsStringAsync();
        });
    }

    [SkippableFact]
    public async Task Leave_InTheResponse_FiresTheToken()
    {
        using (var response = await _host.Client.GetAsync(
            new Uri("/fn/faulty/site/slow", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            Assert.Equal("first", await reader.ReadLineAsync());
        }

        await _root.WaitForMarkerAsync("faulty", "slow.cancelled");
    }

    [SkippableFact]
    public async Task Write_Synchronously_ArrivesAtTheEndWithItsLength()
    {
        using var response = await _host.Client.GetAsync(new Uri("/fn/faulty/site/sync", UriKind.Relative));

        Assert.Equal("ab", await response.Content.ReadAsStringAsync());
        Assert.Equal(2, response.Content.Headers.ContentLength);
    }

    [SkippableFact]
    public async Task Write_Nothing_IsAnEmptyBody()
    {
        using var response = await _host.Client.GetAsync(new Uri("/fn/faulty/site/nothing", UriKind.Relative));

        Assert.Equal((HttpStatusCode.OK, 0), (response.StatusCode, response.Content.Headers.ContentLength));
    }

    [SkippableFact]
    public async Task Call_OfTheOtherKind_SaysWhereItIs()
    {
        Assert.Contains("/fn/faulty/site/", (await _host.InvokeAsync("faulty", "site")).AssertError(HttpStatusCode.BadRequest, "INVALID_PARAMETERS"));
        Assert.Contains(
            "/fn/faulty/site/",
            (await _host.InvokeAsync("faulty", "site", query: "?mode=async")).AssertError(HttpStatusCode.BadRequest, "INVALID_PARAMETERS"));
        Assert.Contains(
            "/invoke", (await _host.SendAsync(HttpMethod.Get, "/fn/faulty/pid/")).AssertError(HttpStatusCode.BadRequest, "INVALID_PARAMETERS"));
        (await _host.SendAsync(HttpMethod.Get, "/fn/faulty/nothing")).AssertError(HttpStatusCode.NotFound, "FUNCTION_NOT_FOUND");
        (await _host.SendAsync(HttpMethod.Get, "/fn/nobody/site")).AssertError(HttpStatusCode.NotFound, "PROJECT_NOT_FOUND");
    }

    [SkippableFact]
    public async Task Upgrade_ToAWebSocket_IsRefusedInWords()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fn/faulty/site/echo");
        request.Headers.Add("Upgrade", "websocket");
        request.Headers.Connection.Add("Upgrade");

        using var response = await _host.Client.SendAsync(request);

        Assert.Contains("WebSockets", (await Answer.OfAsync(response)).AssertError(HttpStatusCode.BadRequest, "INVALID_PARAMETERS"));
    }

    [SkippableFact]
    public async Task Body_LargerThanAllowed_IsRefused()
    {
        // Little more than is allowed: a client that still sends when it is refused may find its connection gone before it reads the answer.
        using var request = new HttpRequestMessage(HttpMethod.Put, "/fn/faulty/site/request")
        {
            Content = new StreamContent(new MemoryStream(new byte[(50 << 20) + 1024])),
        };
        request.Headers.TransferEncodingChunked = true;

        using var response = await _host.Client.SendAsync(request);

        (await Answer.OfAsync(response)).AssertError(HttpStatusCode.RequestEntityTooLarge, "INVALID_PARAMETERS");
    }

    private static (string Head, byte[] Body) Dechunk(ReadOnlySpan<byte> response)
    {
        var end = response.IndexOf("\r\n\r\n"u8);
        var head = Encoding.ASCII.GetString(response[..end]);
        response = response[(end + 4)..];
        using var body = new MemoryStream();
        while (true)
        {
            var line = response.IndexOf("\r\n"u8);
            var length = int.Parse(response[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return (head, body.ToArray());
            }

            body.Write(response.Slice(line + 2, length));
            response = response[(line + 2 + length + 2)..];
        }
    }

    private static async Task ReadUntilAsync(NetworkStream stream, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var read = "";
        var buffer = new byte[4096];
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            var length = await stream.ReadAsync(buffer, limit.Token);
            Assert.True(length > 0, $"The connection has ended after: {read}");
            read += Encoding.ASCII.GetString(buffer, 0, length);
        }
    }
}
