using System.Globalization;
using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Edge;

/// <summary>Clients that ask for much and read nothing: they are cut, and hold neither places nor memory.</summary>
public sealed class SlowReaderTests : IDisposable
{
    private const int Places = 4;
    private const int ResultBytes = 30_000_000;

    private readonly ContentRoot _root = new ContentRoot().With("site", "faulty").With("hello", "hello");

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData(Places)]
    [InlineData(4 * Places)]
    public async Task Read_NobodyReadsLargeResults_LeavesPlacesAndMemoryToOthers(int readers)
    {
        await using var host = await HostProcess.StartAsync(_root, ("MAX_CONCURRENT", $"{Places}"), ("BODY_IDLE_TIMEOUT", "5"));
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

        // Well below what one result in memory for each of them would be.
        Assert.True(MemoryOf(host) - before < Math.Max(2, readers / 2) * (long)ResultBytes, $"The host grew from {before} to {MemoryOf(host)} bytes.");
        await Eventually.BecomesAsync(
            () => Directory.GetFiles(Path.Combine(_root.DataDirectory, "run", "bodies")).Length == 0, TimeSpan.FromSeconds(60), () => "Results are still held.");
        foreach (var client in clients)
        {
            var (text, isReset) = await client.ReadToEndAsync();
            Assert.True(isReset || text.Length < ResultBytes, "A result came whole to a client that had not read.");
            client.Dispose();
        }
    }

    [Fact]
    public async Task Read_SlowlyButSteadily_IsServedWhole()
    {
        await using var host = await HostProcess.StartAsync(_root, ("MAX_CONCURRENT", "1"));
        await host.WaitForStatusAsync("site", "running");
        using var client = host.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/functions/site/text/invoke") { Content = new StringContent("6000000", null, "application/json") };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[256 * 1024];
        long length = 0;
        var answered = 0;
        while (await body.ReadAsync(buffer) is var read and > 0)
        {
            length += read;
            if (length < 4_000_000)
            {
                await Task.Delay(50);

                // Its place is free although it has not all of its result.
                answered += (await host.InvokeAsync("site", "echo", "1")).Status == HttpStatusCode.OK ? 1 : 0;
            }
        }

        Assert.InRange(length, 6_000_000, 6_001_000);
        Assert.NotEqual(0, answered);
    }

    private static long MemoryOf(HostProcess host) => System.Diagnostics.Process.GetProcessById(host.Pid).WorkingSet64;
}
