using System.Net;
using System.Net.WebSockets;
using System.Text;
using CloudFunction.AspNetCore.Tests.Tls;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>HTTP functions to clients that speak HTTP/2, over TLS as all of them do.</summary>
public sealed class Http2FunctionTests : IAsyncLifetime, IDisposable
{
    private readonly ContentRoot _root = new ContentRoot().With("faulty", "faulty");
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
        using var request = new HttpRequestMessage(HttpMethod.Put, "/fn/faulty/site/echo") { Content = new StringContent(new string('a', 3 << 20), Encoding.ASCII) };

        using var response = await _client!.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);

        Assert.Equal(3 << 20, (await response.Content.ReadAsStringAsync()).Length);
    }

    [SkippableFact]
    public async Task Fail_InTheResponse_ResetsTheStreamAndNotTheConnection()
    {
        Pem.RequireOpenSsl();
        await Assert.ThrowsAnyAsync<HttpRequestException>(async () =>
        {
            using var response = await _client!.GetAsync(new Uri("/fn/faulty/site/break", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
            await response.Content.ReadAsStringAsync();
        });

        Assert.Equal("early", await _client!.GetStringAsync(new Uri("/fn/faulty/site/early", UriKind.Relative)));
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
}
