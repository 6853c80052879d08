using System.Net.Sockets;
using System.Text;
using CloudFunction.AspNetCore.Endpoints.Http;
using CloudFunction.AspNetCore.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore.Tests.Hosting;

/// <summary>What of a request reaches a function where its header Connection names others: on real Kestrel, which keeps those to itself.</summary>
public sealed class ConnectionHeaderTests : IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync() => _app = await TestApp.StartAsync(
        services: builder => builder.Services.Configure<KestrelServerOptions>(ConnectionHeader.ReadBy),
        routes: app => app.Map("/names", context => context.Response.WriteAsync(
            EndToEndHeaders.Of(context.Request) is { } headers ? string.Join(' ', headers.Select(header => header.Key)) : "too many")));

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Theory]
    [InlineData("X-Drop")]
    [InlineData("close, X-Drop")]
    [InlineData("X-Drop, close")]
    [InlineData("keep-alive, X-Drop")]
    [InlineData("x-dROP,KEEP-ALIVE")]
    [InlineData("close,X-Drop")]
    [InlineData("close, keep-alive, X-Drop")]
    [InlineData(" ,, close ,\t, X-Drop\t ,,")]
    [InlineData("close,\tX-Drop")]
    [InlineData("X-Drop, X-Drop, X-Drop")]
    [InlineData("X-Other, close, X-Drop")]
    [InlineData("close\r\nConnection: X-Drop")]
    [InlineData("X-Drop\r\nConnection: close")]
    [InlineData("X-Drop\r\nConnection: keep-alive")]
    [InlineData("keep-alive\r\nconnection: keep-alive\r\nCONNECTION: X-Other, X-Drop")]
    [InlineData("TE, close\r\nConnection: X-Drop")]
    public async Task Request_HeaderThatIsNamed_IsDropped(string connection)
    {
        Assert.Equal("Host X-Keep", await NamesAsync($"X-Drop: 1\r\nX-Keep: 2\r\nConnection: {connection}"));
    }

    [Theory]
    [InlineData("close")]
    [InlineData("keep-alive")]
    [InlineData("\"X-Drop\", close")]
    [InlineData("X-Drop;q=1, close")]
    [InlineData("close X-Drop")]
    [InlineData("X-Dro, X-Drop2, close")]
    [InlineData("")]
    [InlineData(",,,")]
    public async Task Request_HeaderThatIsNotNamed_Stays(string connection) =>
        Assert.Equal("Host X-Drop", await NamesAsync($"X-Drop: 1\r\nConnection: {connection}"));

    [Fact]
    public async Task Request_WhatFramesAMessageOrSaysWhoCalls_StaysThoughNamed() => Assert.Equal(
        "Host Content-Type Authorization Cookie X-Forwarded-For X-Real-IP Content-Length",
        await NamesAsync(
            "Content-Type: a/b\r\nContent-Length: 0\r\nAuthorization: a\r\nCookie: a=b\r\nX-Forwarded-For: 1\r\nX-Real-IP: 1\r\n"
            + "Connection: close, Host, Content-Length, content-type, authorization, Cookie, X-Forwarded-For, X-Real-IP"),
        new SameWords());

    [Fact]
    public async Task Request_TooManyNames_IsNotReadFurther()
    {
        Assert.Equal("too many", await NamesAsync("Connection: close, " + string.Join(',', Enumerable.Range(0, 65).Select(number => $"a{number}"))));
        Assert.Equal("Host", await NamesAsync("Connection: close, " + string.Join(',', Enumerable.Repeat("a", 8000))));
        Assert.Equal("Host", await NamesAsync("Connection: close" + new string(',', 20_000)));
    }

    [Theory]
    [InlineData("keep-alive", true)]
    [InlineData("Keep-Alive", true)]
    [InlineData("close", false)]
    [InlineData("close, X-Drop", false)]
    [InlineData("TE", true)]
    public async Task Request_ConnectionsEnd_IsAsItWasAskedFor(string connection, bool goesOn)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(_app.Client.BaseAddress!.Host, _app.Client.BaseAddress.Port, limit.Token);
        var stream = client.GetStream();
        const string request = "GET /names HTTP/1.1\r\nHost: a\r\nConnection: ";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{request}{connection}\r\n\r\n{request}close\r\n\r\n"), limit.Token);
        using var reader = new StreamReader(stream);

        Assert.Equal(goesOn ? 3 : 2, (await reader.ReadToEndAsync(limit.Token)).Split("HTTP/1.1 200").Length);
    }

    [Theory]
    [InlineData("close\0")]
    [InlineData("close, \u00e4")]
    public async Task Request_WhatIsNoHeaderText_Is400(string connection)
    {
        var answer = await _app.SendRawAsync($"GET /names HTTP/1.1\r\nHost: a\r\nConnection: {connection}");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
    }

    private async Task<string> NamesAsync(string headers)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var client = new TcpClient();
        await client.ConnectAsync(_app.Client.BaseAddress!.Host, _app.Client.BaseAddress.Port, limit.Token);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes($"GET /names HTTP/1.0\r\nHost: a\r\n{headers}\r\n\r\n"), limit.Token);
        using var reader = new StreamReader(stream);
        var answer = await reader.ReadToEndAsync(limit.Token);
        Assert.Contains(" 200 ", answer[..answer.IndexOf('\n')], StringComparison.Ordinal);
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    private sealed class SameWords : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => Sorted(x).SequenceEqual(Sorted(y));

        public int GetHashCode(string obj) => obj.Length;

        private static IEnumerable<string> Sorted(string? words) => (words ?? "").Split(' ').Order(StringComparer.Ordinal);
    }
}
