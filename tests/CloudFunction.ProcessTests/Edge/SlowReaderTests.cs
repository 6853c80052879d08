using System.Globalization;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Edge;

/// <summary>Clients that ask for much and read nothing: they are cut, and hold neither places nor memory.</summary>
public sealed class SlowReaderTests : IDisposable
{
    private const int Places = 4;
    private const int ResultBytes = 10_000_000;

    private readonly ContentRoot _root = new ContentRoot().With("site", "faulty").With("hello", "hello");

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(Places)]
    [InlineData(4 * Places)]
    public async Task Read_NobodyReadsLargeResults_LeavesPlacesAndMemoryToOthers(int readers)
    {
        // Room for four of them.
        await using var host = await HostProcess.StartAsync(
            _root, ("MAX_CONCURRENT", $"{Places}"), ("BODY_IDLE_TIMEOUT", "5"), ("MAX_RESPONSE_BYTES", "12MB"));
        await host.WaitForStatusAsync("site", "running");
        await host.InvokeAsync("site", "text", "1000000");
        var before = MemoryOf(host);
        var clients = new List<RawClient>();
        var payload = ResultBytes.ToString(CultureInfo.InvariantCulture);
        for (var number = 0; number < readers; number++)
        {
            var client = await RawClient.ConnectAsync(host, receiveBufferBytes: 4096);
            clients.Add(client);
            await client.TrySendAsync(RawClient.Head("POST /api/v1/functions/site/text/invoke", $"Content-Length: {payload.Length}") + payload);
        }

        for (var call = 0; call < 2 * Places; call++)
        {
            Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("site", "echo", "1")).Status);
            Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("hello", "greet", """{"name":"Ada"}""")).Status);
        }

        // Below what one result in memory for each of sixteen would be.
        Assert.True(
            MemoryOf(host) - before < Math.Max(8, readers / 2) * (long)ResultBytes, $"The host grew from {before} to {MemoryOf(host)} bytes.");
        await Eventually.BecomesAsync(() => Bodies() == 0, TimeSpan.FromSeconds(60), () => "Results are still held.");
        foreach (var client in clients)
        {
            var (text, isReset) = await client.ReadToEndAsync();
            Assert.True(isReset || text.Length < ResultBytes, "A result came whole to a client that had not read.");
            client.Dispose();
        }
    }

    [SkippableFact]
    public async Task Read_NobodyReadsStoredValues_TakesNoDescriptorsAndLeavesOthersTheirs()
    {
        UnixProcess.RequireLinux();
        _root.With("faulty", "faulty");
        await using var host = await HostProcess.StartWithDescriptorsAsync(_root, 1024, ("BODY_IDLE_TIMEOUT", "10"));
        await host.WaitForStatusAsync("faulty", "running");
        var payload = $"\"{new string('x', 3_000_000)}\"";
        var task = await host.EnqueueAsync("echo", payload);
        Assert.Equal(3_000_002, (await host.WaitForTaskAsync(task, "completed")).GetProperty("result").GetRawText().Length);
        Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("faulty", "echo", payload, header: ("Idempotency-Key", "k"))).Status);
        var before = UnixProcess.OpenFiles(host.Pid);
        var clients = new List<RawClient>();
        for (var number = 0; number < 240; number++)
        {
            var client = await RawClient.ConnectAsync(host, receiveBufferBytes: 4096);
            clients.Add(client);
            await client.TrySendAsync(number % 2 == 0
                ? RawClient.Head($"GET /api/v1/tasks/{task}")
                : RawClient.Head("POST /api/v1/functions/faulty/echo/invoke", $"Content-Length: {payload.Length}", "Idempotency-Key: k") + payload);
        }

        for (var call = 0; call < 10; call++)
        {
            Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("hello", "greet", """{"name":"Ada"}""")).Status);
            // Payloads that are received have files too, some sixty at most.
            Assert.InRange(UnixProcess.OpenFiles(host.Pid), before, before + clients.Count + 110);
        }

        clients.ForEach(client => client.Dispose());
        Assert.Equal(payload, (await host.TaskAsync(task)).GetProperty("payload").GetRawText());
        Assert.DoesNotContain("Too many open files", host.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_KeyedResultsThatAreNotStored_LeaveNoMemoryTaken()
    {
        await using var host = await HostProcess.StartAsync(_root, ("ANONYMOUS_STORE_BYTES", "1MB"), ("BODY_IDLE_TIMEOUT", "3"));
        await host.WaitForStatusAsync("site", "running");
        using var stranger = new Stranger(host);
        var (status, whole) = await stranger.SendAsync(
            HttpMethod.Post, "/api/v1/functions/site/text/invoke", "6000000", ("Idempotency-Key", "whole"));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.InRange(whole.Length, 6_000_000, 6_001_000);
        var before = MemoryOf(host);
        var payload = ResultBytes.ToString(CultureInfo.InvariantCulture);
        var clients = new List<RawClient>();
        for (var number = 0; number < 24; number++)
        {
            var client = await RawClient.ConnectAsync(host, receiveBufferBytes: 4096);
            clients.Add(client);
            await client.TrySendAsync(RawClient.Head(
                "POST /api/v1/functions/site/text/invoke", $"Content-Length: {payload.Length}", $"Idempotency-Key: k{number}",
                "X-Forwarded-For: 203.0.113.9") + payload);
        }

        await Eventually.BecomesAsync(() => Bodies() > 0, TimeSpan.FromSeconds(30), () => "No result came.");
        await Eventually.BecomesAsync(() => Bodies() == 0, TimeSpan.FromSeconds(60), () => "Results are still held.");
        clients.ForEach(client => client.Dispose());
        Assert.True(MemoryOf(host) - before < 12L * ResultBytes, $"The host grew from {before} to {MemoryOf(host)} bytes.");
    }

    [Fact]
    public async Task Read_SlowlyButSteadily_IsServedWhole()
    {
        await using var host = await HostProcess.StartAsync(_root, ("MAX_CONCURRENT", "1"));
        await host.WaitForStatusAsync("site", "running");
        using var client = host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/functions/site/text/invoke")
        {
            Content = new StringContent("3000000", null, "application/json"),
        };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[256 * 1024];
        long length = 0;
        var answered = 0;
        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            length += read;
            if (length < 1_000_000)
            {
                await Task.Delay(50);

                // Its place is free although it has not all of its result.
                answered += (await host.InvokeAsync("site", "echo", "1")).Status == HttpStatusCode.OK ? 1 : 0;
            }
        }

        Assert.InRange(length, 3_000_000, 3_001_000);
        Assert.NotEqual(0, answered);
    }

    private int Bodies() =>
        Path.Combine(_root.DataDirectory, "run", "bodies") is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder).Length : 0;

    private static long MemoryOf(HostProcess host) => System.Diagnostics.Process.GetProcessById(host.Pid).WorkingSet64;
}
