using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CloudFunction.AspNetCore.Tests.Connections;

/// <summary>The bound under real Kestrel.</summary>
public sealed class BoundedTransportTests
{
    private const int Max = 8;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData("")] // It says nothing.
    [InlineData("GET /ping HT")]
    [InlineData("GET /ping HTTP/1.1\r\nHost: localhost\r\nX-A: ")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0002\0\u0001\0")] // The beginning of a TLS handshake.
    public async Task Accept_MoreConnectionsThatAskForNothing_OthersAreAnswered(string begins)
    {
        await using var app = await StartAsync();
        var idle = new List<TcpClient>();
        for (var number = 0; number < 5 * Max; number++)
        {
            idle.Add(await ConnectAsync(app, begins));
            Assert.Equal("pong", await app.Client.GetStringAsync(new Uri("/ping", UriKind.Relative)));
        }

        await AssertAllButSomeAreClosedAsync(idle);
    }

    [Fact]
    public async Task Accept_MoreConnectionsThatHaveAskedOnce_OthersAreAnswered()
    {
        await using var app = await StartAsync();
        var idle = new List<TcpClient>();
        for (var number = 0; number < 5 * Max; number++)
        {
            var client = await ConnectAsync(app, "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Contains("200 OK", await ReadAsync(client), StringComparison.Ordinal);
            idle.Add(client);
            Assert.Equal("pong", await app.Client.GetStringAsync(new Uri("/ping", UriKind.Relative)));
        }

        await AssertAllButSomeAreClosedAsync(idle);
    }

    [Fact]
    public async Task Accept_AllConnectionsAreBusy_NewcomerWaitsAndNobodyIsCut()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = 0;
        await using var app = await StartAsync(routes: web => web.MapGet("/hold", async () =>
        {
            Interlocked.Increment(ref held);
            await release.Task;
            return "held";
        }));
        var busy = new List<TcpClient>();
        for (var number = 0; number < Max; number++)
        {
            busy.Add(await ConnectAsync(app, "GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        }

        await UntilAsync(() => Volatile.Read(ref held) == Max, () => $"{held} of {Max} requests came.");
        using var newcomers = new HttpClient { BaseAddress = app.Client.BaseAddress };
        var waiting = Enumerable.Range(0, 3 * Max).Select(_ => newcomers.GetStringAsync(new Uri("/ping", UriKind.Relative))).ToArray();
        await using (var other = await StartAsync())
        {
            Assert.Equal("pong", await other.Client.GetStringAsync(new Uri("/ping", UriKind.Relative))); // Time for the newcomers to come.
        }

        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        release.SetResult();

        Assert.All(await Task.WhenAll(waiting).WaitAsync(Bound), answer => Assert.Equal("pong", answer));
        foreach (var client in busy)
        {
            Assert.EndsWith("held", await ReadAsync(client, "held"), StringComparison.Ordinal);
        }
    }

    /// <summary>One connection of HTTP/2 with a request on it counts as busy, however many others want its place.</summary>
    [Fact]
    public async Task Accept_Http2ConnectionHasARequest_IsSpared()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var came = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await StartAsync(
            builder => builder.WebHost.ConfigureKestrel(
                kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)),
            web => web.MapGet("/hold", async () =>
            {
                came.TrySetResult();
                await release.Task;
                return "held";
            }));
        using var client = new HttpClient
        {
            BaseAddress = app.Client.BaseAddress,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        var holding = client.GetStringAsync(new Uri("/hold", UriKind.Relative));
        await came.Task.WaitAsync(Bound);
        for (var number = 0; number < 5 * Max; number++)
        {
            await ConnectAsync(app, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
            Assert.Equal("pong", await client.GetStringAsync(new Uri("/ping", UriKind.Relative)));
        }

        release.SetResult();
        Assert.Equal("held", await holding.WaitAsync(Bound));
    }

    [SkippableFact]
    public async Task Bind_UnixDomainSocket_IsBoundedLikewise()
    {
        Skip.If(OperatingSystem.IsWindows(), "Kestrel's addresses have no such sockets there.");
        var path = Path.Combine(Directory.CreateTempSubdirectory("cf-").FullName, "host");
        await using var app = TestApp.Build(
            options => options.MaxConnections = Max,
            builder =>
            {
                builder.AddCloudFunctionServer();
                builder.WebHost.UseUrls($"http://unix:{path}");
            });
        app.MapGet("/ping", () => "pong");
        await app.StartAsync();
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, _) => new NetworkStream(await OpenAsync(path), ownsSocket: true),
        });

        for (var number = 0; number < 3 * Max; number++)
        {
            await OpenAsync(path);
            Assert.Equal("pong", await client.GetStringAsync(new Uri("http://localhost/ping")));
        }

        await app.StopAsync();
        Assert.False(File.Exists(path));
        Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);

        static async Task<Socket> OpenAsync(string path)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
            return socket;
        }
    }

    [Fact]
    public async Task Stop_NewcomersWaitForAPlace_EndsAtOnce()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var came = 0;
        await using var app = await StartAsync(routes: web => web.MapGet("/hold", async () =>
        {
            Interlocked.Increment(ref came);
            await release.Task;
        }));
        var clients = new List<TcpClient>(); // Kept: one that nobody refers to is closed once it is collected.
        for (var number = 0; number < Max; number++)
        {
            clients.Add(await ConnectAsync(app, "GET /hold HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        }

        await UntilAsync(() => Volatile.Read(ref came) == Max, () => $"{came} of {Max} requests came.");
        clients.Add(await ConnectAsync(app, ""));
        clients.Add(await ConnectAsync(app, ""));
        release.SetResult();

        await app.App.StopAsync().WaitAsync(Bound);
        clients.ForEach(client => client.Dispose());
    }

    [Theory]
    [InlineData(4 << 10, 3 << 10, HttpStatusCode.OK)]
    [InlineData(4 << 10, 5 << 10, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [InlineData(32 << 10, 31 << 10, HttpStatusCode.OK)]
    [InlineData(32 << 10, 33 << 10, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [InlineData(1 << 20, 1000 << 10, HttpStatusCode.OK)] // The buffer must hold them.
    [InlineData(1 << 20, 1030 << 10, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    public async Task Headers_OfAnySize_AreRefusedBeyondMaxHeaderBytes(int max, int sent, HttpStatusCode status)
    {
        await using var app = await StartAsync(maxHeaderBytes: max);

        // In one header, and in many.
        foreach (var size in new[] { sent, 500 })
        {
            var head = new StringBuilder("GET /ping HTTP/1.1\r\nHost: localhost");
            for (var number = 0; number < sent / size && number < 90; number++)
            {
                head.Append(CultureInfo.InvariantCulture, $"\r\nX-{number}: ").Append('a', sent / Math.Min(sent / size, 90));
            }

            var answer = await app.SendRawAsync(head.ToString());

            Assert.StartsWith($"HTTP/1.1 {(int)status} ", answer, StringComparison.Ordinal);
            var body = answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
            Assert.Equal(status == HttpStatusCode.OK, body.Contains("pong", StringComparison.Ordinal));
            Assert.Equal(status != HttpStatusCode.OK, body.Length == 0); // Refused while HTTP is parsed.
        }
    }

    private static Task<TestApp> StartAsync(
        Action<WebApplicationBuilder>? services = null, Action<WebApplication>? routes = null, long maxHeaderBytes = 32 << 10) => TestApp.StartAsync(
        options =>
        {
            options.Host = "127.0.0.1";
            options.Port = 0;
            options.MaxConnections = Max;
            options.MaxHeaderBytes = maxHeaderBytes;
            options.KeepAliveTimeout = Bound; // Nobody is closed for that reason meanwhile.
        },
        builder =>
        {
            builder.AddCloudFunctionServer();
            services?.Invoke(builder);
        },
        app =>
        {
            app.MapGet("/ping", () => "pong");
            routes?.Invoke(app);
        });

    private static async Task<TcpClient> ConnectAsync(TestApp app, string begins)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, app.Client.BaseAddress!.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(begins));
        return client;
    }

    private static async Task<string> ReadAsync(TcpClient client, string until = "pong")
    {
        using var limit = new CancellationTokenSource(Bound);
        var text = new StringBuilder();
        var buffer = new byte[1024];
        while (!text.ToString().Contains(until, StringComparison.Ordinal)
            && await client.GetStream().ReadAsync(buffer, limit.Token) is > 0 and var read)
        {
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString().TrimEnd('\r', '\n', '0');
    }

    // Who was closed hears of it: no byte more comes.
    private static async Task AssertAllButSomeAreClosedAsync(List<TcpClient> clients)
    {
        var closed = 0;
        await Task.WhenAll(clients.Select(async client =>
        {
            using (client)
            {
                try
                {
                    while (await client.GetStream().ReadAsync(new byte[1024]).AsTask().WaitAsync(TimeSpan.FromSeconds(2)) > 0)
                    {
                    }

                    Interlocked.Increment(ref closed);
                }
                catch (IOException)
                {
                    Interlocked.Increment(ref closed);
                }
                catch (TimeoutException)
                {
                    // One of those that are left.
                }
            }
        }));
        Assert.InRange(closed, clients.Count - Max, clients.Count);
    }

    private static async Task UntilAsync(Func<bool> condition, Func<string> describe)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Bound, describe());
            await Task.Delay(10);
        }
    }
}
