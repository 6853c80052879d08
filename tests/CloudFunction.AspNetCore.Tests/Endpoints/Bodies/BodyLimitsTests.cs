using System.Net.Sockets;
using System.Text;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Tests.Fakes;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime.Bodies;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Bodies;

/// <summary>Every route, with a client that stops: none of them waits for ever.</summary>
public sealed class BodyLimitsTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new();

    public static TheoryData<string> MediaTypes => ["application/json", "application/zip", "multipart/form-data; boundary=x", "text/plain"];

    [Theory]
    [MemberData(nameof(MediaTypes))]
    public async Task Send_BodyThatStops_IsAnsweredOnEveryRoute(string mediaType)
    {
        await using var app = await StartAsync();
        var routes = Routes(app);
        Assert.True(routes.Count > 15, $"Only {routes.Count} routes take a body.");
        var late = 0;
        foreach (var route in routes)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(app.Client.BaseAddress!.Host, app.Client.BaseAddress.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"{route} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {mediaType}\r\nContent-Length: 1000\r\n\r\n--x"));
            var answer = await AnswerAsync(app, stream, route);

            Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
            late += answer.Contains(" 408 ", StringComparison.Ordinal) ? 1 : 0;
            Assert.True(
                !answer.Contains(" 408 ", StringComparison.Ordinal) || answer.Contains("\"code\":\"REQUEST_TIMEOUT\"", StringComparison.Ordinal),
                answer);
        }

        Assert.NotEqual(0, late);
        Assert.Equal(0, app.App.Services.GetRequiredService<HostBodies>().Requests.Used);
    }

    // Whatever has come when the call begins: nothing, a little, a window, more.
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(BodyReceiver.WindowBytes)]
    [InlineData(BodyReceiver.WindowBytes + 1)]
    [InlineData(60_000)]
    [InlineData(500_000)]
    public async Task Send_BodyThatStopsAnywhere_Is408(int length)
    {
        await using var app = await StartAsync();

        // An HTTP function begins behind the first window: see the whole host's tests.
        string[] functions = length <= BodyReceiver.WindowBytes ? ["/fn/hello/greet"] : [];
        foreach (var target in (string[])[TestApp.GreetPath, TestApp.GreetPath + "?mode=async", .. functions])
        {
            using var client = new TcpClient();
            await client.ConnectAsync(app.Client.BaseAddress!.Host, app.Client.BaseAddress.Port);
            var stream = client.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes($"POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{new string(' ', length)}"));

            var answer = await AnswerAsync(app, stream, target);

            Assert.Contains(" 408 ", answer, StringComparison.Ordinal);
            Assert.Contains("BODY_IDLE_TIMEOUT", answer, StringComparison.Ordinal);
        }

        Assert.Equal(0, app.App.Services.GetRequiredService<HostBodies>().Requests.Used);
    }

    [Fact]
    public async Task Send_KeyedBodyThatStops_Is408AndFreesItsRoom()
    {
        await using var app = await StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(app.Client.BaseAddress!.Host, app.Client.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {TestApp.GreetPath} HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: "
            + $"k\r\nContent-Length: 200000\r\n\r\n{new string(' ', 100_000)}"));

        var answer = await AnswerAsync(app, stream, "keyed");

        Assert.Contains(" 408 ", answer, StringComparison.Ordinal);
        Assert.Contains("BODY_IDLE_TIMEOUT", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close", answer, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, app.Router.Calls);
        Assert.Equal(0, app.App.Services.GetRequiredService<HostBodies>().Requests.Used);
    }

    // What came in one piece, in many, and in pieces with pauses within the limit: the call sees the same.
    [Theory]
    [InlineData(10)]
    [InlineData(BodyReceiver.WindowBytes)]
    [InlineData(BodyReceiver.WindowBytes + 1)]
    [InlineData(300_000)]
    public async Task Send_BodyInPiecesOfAnySize_ComesWhole(int length)
    {
        await using var app = await StartAsync();
        byte[]? came = null;
        app.Router.OnInvoke = async (request, _) =>
        {
            came = await PayloadAsync(request);
            return new FakeResult("null");
        };
        var random = new Random(length);
        var body = new byte[length];
        random.NextBytes(body);
        foreach (var isChunked in new[] { false, true })
        {
            using var client = new TcpClient { NoDelay = true };
            await client.ConnectAsync(app.Client.BaseAddress!.Host, app.Client.BaseAddress.Port);
            var stream = client.GetStream();
            var framing = isChunked ? "Transfer-Encoding: chunked" : $"Content-Length: {length}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"POST {TestApp.GreetPath} HTTP/1.1\r\nHost: localhost\r\n{framing}\r\n\r\n"));
            for (var at = 0; at < length;)
            {
                var size = Math.Min(length - at, random.Next(1, Math.Max(2, length / 3)));
                byte[] part = isChunked
                    ? [.. Encoding.ASCII.GetBytes($"{size:x}\r\n"), .. body.AsSpan(at, size), .. "\r\n"u8]
                    : body[at..(at + size)];
                await stream.WriteAsync(part);
                at += size;
                _time.Advance(TimeSpan.FromSeconds(1));
            }

            await stream.WriteAsync(isChunked ? "0\r\n\r\n"u8.ToArray() : []);
            var buffer = new byte[1000];
            using var bound = new CancellationTokenSource(Bound);
            var read = await stream.ReadAsync(buffer, bound.Token);

            Assert.StartsWith("HTTP/1.1 200", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
            Assert.Equal(body, came);
        }
    }

    private static async Task<byte[]> PayloadAsync(CloudFunction.Runtime.Invocations.InvocationRequest request)
    {
        if (request.Whole is { } whole)
        {
            return System.Buffers.BuffersExtensions.ToArray(whole);
        }

        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        return copy.ToArray();
    }

    private Task<TestApp> StartAsync() => TestApp.StartAsync(services: builder => builder.Services.AddSingleton<TimeProvider>(_time));

    private static List<string> Routes(TestApp app) =>
    [
        .. from endpoint in app.App.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
           from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["POST"]
           where method is "POST" or "PUT" or "DELETE"
           select $"{method} {Path(endpoint.RoutePattern.RawText!)}",
    ];

    private static string Path(string pattern) => pattern
        .Replace("{project}", "hello", StringComparison.Ordinal).Replace("{function}", "greet", StringComparison.Ordinal)
        .Replace("{**path}", "page", StringComparison.Ordinal).Replace("{id}", "0", StringComparison.Ordinal);

    // Time passes only while a client is waited for.
    private async Task<string> AnswerAsync(TestApp app, NetworkStream stream, string route)
    {
        var watch = app.App.Services.GetRequiredService<TransferWatch>();
        using var bound = new CancellationTokenSource(Bound);
        var buffer = new byte[16 * 1024];
        var answer = stream.ReadAsync(buffer, bound.Token).AsTask();
        try
        {
            while (!answer.IsCompleted)
            {
                await Task.WhenAny(answer, Task.Delay(10, bound.Token));
                bound.Token.ThrowIfCancellationRequested();
                if (watch.Waiting > 0)
                {
                    _time.Advance(TimeSpan.FromSeconds(1));
                }
            }

            return Encoding.ASCII.GetString(buffer, 0, await answer);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"{route} is not answered.");
            throw;
        }
    }
}
