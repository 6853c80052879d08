using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Edge;

/// <summary>Clients that begin a body and stop, or trickle: they are cut, and hold nothing that others need.</summary>
public sealed class SlowSenderTests : IDisposable
{
    private const int Places = 4;
    private const int Announced = 1_000_000;

    private readonly ContentRoot _root = new ContentRoot().With("site", "faulty").With("hello", "hello");

    private Task<HostProcess> StartAsync(string idle = "2", string total = "120") =>
        HostProcess.StartAsync(
            _root, ("MAX_CONCURRENT", $"{Places}"), ("BODY_IDLE_TIMEOUT", idle), ("BODY_TIMEOUT", total), ("MAX_REQUEST_BYTES", "2MB"));

    private static readonly (string Target, string Header)[] Bodies =
    [
        ("POST /api/v1/functions/site/echo/invoke", $"Content-Length: {Announced}"),
        ("POST /api/v1/functions/site/echo/invoke", "Transfer-Encoding: chunked"),
        ("POST /api/v1/functions/site/echo/invoke?mode=async", $"Content-Length: {Announced}"),
        ("POST /api/v1/functions/site/echo/invoke", $"Content-Length: {Announced}\r\nIdempotency-Key: k"),
        ("POST /fn/site/site/echo", $"Content-Length: {Announced}"),
        ("POST /fn/site/site/echo", "Transfer-Encoding: chunked"),
        ("POST /api/v1/projects/other/deploy", $"Content-Type: application/zip\r\nContent-Length: {Announced}"),
        ("POST /api/v1/projects/other/deploy", $"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {Announced}"),
        ("POST /api/v1/functions/other/deploy", $"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {Announced}"),
        ("PUT /api/v1/projects/site/env", "Content-Type: application/json\r\nContent-Length: 1000"),
        ("POST /api/v1/schedules", "Content-Type: application/json\r\nContent-Length: 1000"),
    ];

    public void Dispose() => _root.Dispose();

    // On every route at once, behind a beginning of each length: none, some bytes, and more than a window.
    [Fact]
    public async Task Send_BodiesStop_Are408AndTakeNoPlace()
    {
        await using var host = await StartAsync();
        await host.WaitForStatusAsync("site", "running");
        await host.WaitForStatusAsync("hello", "running");
        var clients = new List<(string Target, string Header, RawClient Client)>();
        foreach (var (target, header) in Bodies)
        {
            foreach (var length in new[] { 0, 1, 100, 40_000, 200_000, 40_000, 100, 1 })
            {
                var client = await RawClient.ConnectAsync(host);
                clients.Add((target, header, client));
                var part = header.EndsWith(" 1000", StringComparison.Ordinal) ? Math.Min(length, 100) : length;
                await client.TrySendAsync(RawClient.Head(target, header) + Begin(part, header.Contains("chunked", StringComparison.Ordinal)));
            }
        }

        // More of them than places, and still there is one for everybody else.
        for (var call = 0; call < 2 * Places; call++)
        {
            Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("site", "echo", "1")).Status);
            Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("hello", "greet", """{"name":"Ada"}""")).Status);
            Assert.Equal(HttpStatusCode.Accepted, (await host.InvokeAsync("site", "echo", "1", "?mode=async")).Status);
        }

        foreach (var (target, header, client) in clients)
        {
            var (text, isReset) = await client.ReadToEndAsync();

            // A form is wrong from its first bytes on, and an HTTP function's answer may have begun: then nothing may look whole.
            Assert.True(
                (text.StartsWith("HTTP/1.1 408", StringComparison.Ordinal) && text.Contains("REQUEST_TIMEOUT", StringComparison.Ordinal))
                    || (header.Contains("multipart", StringComparison.Ordinal) && text.StartsWith("HTTP/1.1 400", StringComparison.Ordinal))
                    || (target.Contains("/fn/", StringComparison.Ordinal)
                        && text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
                        && !text.EndsWith("0\r\n\r\n", StringComparison.Ordinal)),
                $"{target} {header}: {isReset} {text[..Math.Min(text.Length, 500)]}");
            client.Dispose();
        }
    }

    [Theory]
    [InlineData("POST /api/v1/functions/site/echo/invoke")]
    [InlineData("POST /fn/site/site/echo")]
    public async Task Send_BodyTrickles_Is408AtTheTotal(string target)
    {
        await using var host = await StartAsync(idle: "60", total: "2");
        await host.WaitForStatusAsync("site", "running");
        using var client = await RawClient.ConnectAsync(host);
        await client.TrySendAsync(RawClient.Head(target, $"Content-Length: {Announced}"));
        using var stopped = new CancellationTokenSource();
        var trickle = Task.Run(async () =>
        {
            while (!stopped.IsCancellationRequested && await client.TrySendAsync("x"))
            {
                await Task.Delay(50);
            }
        });

        var (text, _) = await client.ReadToEndAsync(until: "REQUEST_TIMEOUT");

        await stopped.CancelAsync();
        await trickle;
        Assert.StartsWith("HTTP/1.1 408", text, StringComparison.Ordinal);
        Assert.Contains("BODY_TIMEOUT", text, StringComparison.Ordinal);
    }

    // Each has a request on it, which a byte now and then keeps alive.
    [Fact]
    public async Task Send_BodiesTrickleOnEveryConnection_NewcomersAreServed()
    {
        const int Connections = 6;
        await using var host = await HostProcess.StartAsync(_root, ("MAX_CONNECTIONS", $"{Connections}"));
        await host.WaitForStatusAsync("site", "running");
        using var stopped = new CancellationTokenSource();
        var trickles = Enumerable.Range(0, 2 * Connections).Select(number => Task.Run(async () =>
        {
            while (!stopped.IsCancellationRequested)
            {
                using var client = await RawClient.ConnectAsync(host);
                await client.TrySendAsync(
                    RawClient.Head($"POST /api/v1/functions/site/{(number % 2 == 0 ? "echo" : "nosuch")}/invoke", $"Content-Length: {Announced}"));
                while (!stopped.IsCancellationRequested && await client.TrySendAsync("x"))
                {
                    await Task.Delay(500);
                }
            }
        })).ToArray();

        for (var call = 0; call < 3; call++)
        {
            using var client = host.NewClient();
            using var answer = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await stopped.CancelAsync();
        await Task.WhenAll(trickles);
    }

    // Slow, but within the limits: a pause is no fault.
    [Theory]
    [InlineData("POST /api/v1/functions/site/echo/invoke")]
    [InlineData("POST /fn/site/site/echo")]
    public async Task Send_BodyPausesWithinTheLimit_IsServed(string target)
    {
        await using var host = await StartAsync(idle: "15");
        await host.WaitForStatusAsync("site", "running");
        using var client = await RawClient.ConnectAsync(host);
        await client.TrySendAsync(RawClient.Head(target, "Content-Length: 6", "Connection: close") + "\"ab");
        await Task.Delay(TimeSpan.FromSeconds(7)); // Longer than the server's own grace, after which its minimum rate would end this.
        await client.TrySendAsync("cd\"");

        var (text, _) = await client.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 200", text, StringComparison.Ordinal);
        Assert.Contains("\"abcd\"", text, StringComparison.Ordinal);

        // The server's own clock, which keeps the time limits of all connections, has gone on.
        Assert.DoesNotContain("Heartbeat", host.Output.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("NullReferenceException", host.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_UploadsThatStopFillTheirProjectsRoom_LeavesOthersTheirs()
    {
        await using var host = await StartAsync(idle: "30");
        await host.WaitForStatusAsync("site", "running");
        await host.WaitForStatusAsync("hello", "running");
        var clients = new List<RawClient>();
        for (var number = 0; number < 16; number++)
        {
            var client = await RawClient.ConnectAsync(host);
            clients.Add(client);
            await client.TrySendAsync(
                RawClient.Head("POST /api/v1/functions/site/echo/invoke?mode=async", "Content-Length: 2000000") + new string(' ', 1_999_991));
        }

        for (var call = 0; call < 5; call++)
        {
            var body = $"\"{new string('x', 1_900_000)}\"";
            Assert.Equal(HttpStatusCode.Accepted, (await host.InvokeAsync("hello", "greet", body, "?mode=async")).Status);
            Assert.NotEqual(
                HttpStatusCode.ServiceUnavailable, (await host.InvokeAsync("hello", "greet", body, header: ("Idempotency-Key", $"k{call}"))).Status);
        }

        clients.ForEach(client => client.Dispose());
        await Eventually.BecomesAsync(
            async () =>
                (await host.InvokeAsync("site", "echo", $"\"{new string('x', 1_900_000)}\"", "?mode=async")).Status == HttpStatusCode.Accepted,
            TimeSpan.FromSeconds(20), () => Task.FromResult("The room did not come back."));
    }

    private static string Begin(int length, bool isChunked) =>
        !isChunked ? new string('x', length)
        : length == 0 ? ""
        : $"{length:x}\r\n\"{new string('x', length - 1)}\r\n";
}
