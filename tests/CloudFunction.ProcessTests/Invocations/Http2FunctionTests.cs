using System.Net;
using System.Net.WebSockets;
using System.Text;
using CloudFunction.AspNetCore.Tests.Tls;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>HTTP functions to clients that speak HTTP/2, over TLS as all of them do.</summary>
public sealed class Http2FunctionTests : IAsyncLifetime, IDisposable
{
    private readonly ContentRoot _root = new ContentRoot().With("faulty", "faulty").WithAnswers("web");
    private readonly SocketsHttpHandler _handler = HostTls.NewHandler();
    private Pem? _pem;
    private HostProcess? _host;
    private HttpClient? _client;

    public async Task InitializeAsync()
    {
        if (Pem.HasOpenSsl)
        {
            _pem = new Pem().Make("server");
            _host = await HostProcess.StartAsync(_root, HostTls.SettingsOf(_pem));
            _client = new HttpClient(_handler, disposeHandler: false)
            {
                BaseAddress = _host.Address,
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
        }
    }

    public async Task DisposeAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        _root.Dispose();
    }

    public void Dispose()
    {
        _client?.Dispose();
        _handler.Dispose();
        _pem?.Dispose();
    }

    [SkippableFact]
    public async Task Trailers_FollowTheBody()
    {
        Pem.RequireOpenSsl();

        using var response = await _client!.GetAsync(new Uri("/fn/faulty/site/trailers", UriKind.Relative));

        Assert.Equal((HttpVersion.Version20, "body"), (response.Version, await response.Content.ReadAsStringAsync()));
        Assert.Equal("42", Assert.Single(response.TrailingHeaders.GetValues("X-Sum")));
    }

    [SkippableFact]
    public async Task Trailers_OnHttp1_AreLeftOut()
    {
        Pem.RequireOpenSsl();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/fn/faulty/site/trailers") { Version = HttpVersion.Version11 };

        using var response = await _client!.SendAsync(request);

        Assert.Equal((HttpVersion.Version11, "body"), (response.Version, await response.Content.ReadAsStringAsync()));
        Assert.Empty(response.TrailingHeaders);
    }

    [SkippableFact]
    public async Task Body_IsStreamedBothWays()
    {
        Pem.RequireOpenSsl();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/fn/faulty/site/echo")
        {
            Content = new StringContent(new string('a', 3 << 20), Encoding.ASCII),
        };

        using var response = await _client!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(3 << 20, (await response.Content.ReadAsStringAsync()).Length);
    }

    [SkippableFact]
    public async Task Fail_InTheResponse_ResetsTheStreamAndNotTheConnection()
    {
        Pem.RequireOpenSsl();
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await _client!.GetAsync(
                new Uri("/fn/faulty/site/break", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            await response.Content.ReadAsStringAsync();
        });

        Assert.Equal("early", await _client!.GetStringAsync(new Uri("/fn/faulty/site/early", UriKind.Relative)));
    }

    [SkippableTheory]
    [InlineData("h=Content-Length:abc")]
    [InlineData("h=Content-Length:2&async=3")]
    [InlineData("h=Content-Length:2&sync=1")]
    [InlineData("h=:a")]
    [InlineData("h=X-Bad:a%0D%0Ab")]
    public async Task Answer_WhatCannotBeSent_IsTheFunctionsFailure(string query)
    {
        Pem.RequireOpenSsl();

        using var response = await _client!.GetAsync(new Uri($"/fn/web/answer?{query}", UriKind.Relative));

        (await Answer.OfAsync(response)).AssertError(HttpStatusCode.InternalServerError, "EXECUTION_ERROR");
        await AssertServesAsync();
    }

    [SkippableTheory]
    [InlineData("h=Content-Length:2&async=1")]
    [InlineData("async=1&t=X-Bad:a%0Db")]
    [InlineData("async=1&t=Content-Length:1")]
    public async Task Answer_WhatTurnsOutWrongOnceItHasBegun_ResetsTheStream(string query)
    {
        Pem.RequireOpenSsl();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _client!.GetStringAsync(new Uri($"/fn/web/answer?{query}", UriKind.Relative)));

        await AssertServesAsync();
    }

    [SkippableFact]
    public async Task Answer_HeadersOfAConnection_DoNotGoThrough()
    {
        Pem.RequireOpenSsl();

        const string query = "h=X-Drop:1&h=X-Keep:2&h=Connection:close%2C%20X-Drop&h=Transfer-Encoding:gzip&async=1";

        using var response = await _client!.GetAsync(new Uri($"/fn/web/answer?{query}", UriKind.Relative));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["2"], response.Headers.GetValues("X-Keep"));
        Assert.DoesNotContain(response.Headers, header => header.Key is "X-Drop" or "Connection" or "Transfer-Encoding");
    }

    [SkippableFact]
    public async Task Answer_ALongHeader_ComesWhole()
    {
        Pem.RequireOpenSsl();

        using var response = await _client!.GetAsync(new Uri("/fn/web/answer?big=40000", UriKind.Relative));

        Assert.Equal(40_000, response.Headers.GetValues("X-Big").Single().Length);
    }

    [SkippableFact]
    public async Task Connect_AWebSocket_IsRefused()
    {
        Pem.RequireOpenSsl();
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(_handler, disposeHandler: false);

        var uri = new UriBuilder(_host!.Address) { Scheme = "wss", Path = "/fn/faulty/site/echo" }.Uri;
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(uri, invoker, CancellationToken.None));

        Assert.NotEqual(WebSocketState.Open, socket.State);
    }

    private async Task AssertServesAsync()
    {
        Assert.Equal("\0", await _client!.GetStringAsync(new Uri("/fn/web/answer?async=1", UriKind.Relative)));
        Assert.Equal(0, _host!.Output.Count("Microsoft.AspNetCore"));
    }
}
