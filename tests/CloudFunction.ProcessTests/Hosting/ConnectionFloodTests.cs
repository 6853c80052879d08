using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Hosting;

/// <summary>More connections than file descriptors. At the limit .NET can start no thread and ends the process; the host never comes there.</summary>
public sealed class ConnectionFloodTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    [SkippableTheory]
    [InlineData(1024, 1300, "")]
    [InlineData(1024, 2600, "POST /api/v1/functions/hello/greet/invoke HTTP/1.1\r\nHost: loc")]
    [InlineData(1024, 1300, "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n")] // Asks once, and then for nothing.
    [InlineData(4096, 5000, "")]
    public async Task Flood_OfIdleConnections_CallsOfOthersGoOn(int descriptors, int connections, string begins)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello").With("faulty", "faulty");
        await using var host = await HostProcess.StartWithDescriptorsAsync(root, descriptors);
        await using var hello = new BackgroundLoad(host, "hello", 2);
        await using var faulty = new BackgroundLoad(
            1, async _ => await host.InvokeAsync("faulty", "pid") is { Status: not HttpStatusCode.OK } answer ? answer.ToString() : null);
        await hello.AfterCallsAsync(20);
        await faulty.AfterCallsAsync(5);
        var before = UnixProcess.OpenFiles(host.Pid);

        var flood = await OpenAsync(host, connections, begins);
        await hello.AfterCallsAsync(100);
        await faulty.AfterCallsAsync(20);
        Assert.InRange(UnixProcess.OpenFiles(host.Pid), before, descriptors - 16);

        // A worker's start takes threads and pipes.
        Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("faulty", "restart")).Status);
        await faulty.AfterCallsAsync(5);
        flood.ForEach(client => client.Dispose());

        await hello.AfterCallsAsync(50);
        await Eventually.BecomesAsync(
            () => UnixProcess.OpenFiles(host.Pid) <= before + 16,
            Bound,
            () => $"{UnixProcess.OpenFiles(host.Pid)} descriptors are open, {before} were before the flood.");
        await hello.AssertNoFailureAsync();
        await faulty.AssertNoFailureAsync();
        Assert.Contains("fewer than MAX_CONNECTIONS", host.Output.Text, StringComparison.Ordinal);
        Assert.Contains("closed to make room", host.Output.Text, StringComparison.Ordinal);
        await host.StopAsync();
    }

    /// <summary>.NET holds two descriptors of each assembly, more than 230 once a call was answered: with 256 nobody could be served.</summary>
    [SkippableTheory]
    [InlineData(200)]
    [InlineData(256)]
    public async Task Start_TooFewDescriptors_RefusesInOneLineAndStartsNoWorker(int descriptors)
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello");
        await using var host = HostProcess.LaunchWithDescriptors(root, descriptors);

        Assert.Equal(1, await host.WaitForExitAsync());
        var line = Assert.Single(host.Output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"may open {descriptors} file descriptors, and the host needs at least ", line, StringComparison.Ordinal);
        Assert.Null(root.SocketDirectory);
        Assert.Empty(root.RecordedWorkers);
    }

    /// <summary>With just as many descriptors as the refusal asks for, it serves.</summary>
    [SkippableFact]
    public async Task Start_AsManyDescriptorsAsItAsksFor_ServesUnderAFlood()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello");
        string asked;
        await using (var refused = HostProcess.LaunchWithDescriptors(root, 200))
        {
            await refused.WaitForExitAsync();
            asked = refused.Output.Find("at least ")!.Split("at least ")[1].Split(' ')[0];
        }

        await using var host = await HostProcess.StartWithDescriptorsAsync(root, int.Parse(asked, CultureInfo.InvariantCulture));
        await using var load = new BackgroundLoad(host, "hello", 1);
        await load.AfterCallsAsync(5);
        var flood = await OpenAsync(host, 600, "");
        await load.AfterCallsAsync(50);
        flood.ForEach(client => client.Dispose());
        await load.AfterCallsAsync(20);
        await load.AssertNoFailureAsync();
        await host.StopAsync();
    }

    private static async Task<List<TcpClient>> OpenAsync(HostProcess host, int connections, string begins)
    {
        using var limit = new CancellationTokenSource(Bound);
        var clients = new List<TcpClient>();
        for (var number = 0; number < connections; number++)
        {
            var client = new TcpClient();
            clients.Add(client);
            await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, limit.Token);
            try
            {
                await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(begins), limit.Token);
            }
            catch (IOException)
            {
                // It had to make room already.
            }
        }

        return clients;
    }
}
