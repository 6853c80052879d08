using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Hosting;

/// <summary>What a host takes over from the one before it, and when it refuses to start.</summary>
public sealed class StartTests
{
    [SkippableFact]
    public async Task Start_ProjectWasStopped_StaysStoppedUntilItIsStarted()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello").With("faulty", "faulty");
        await using (var host = await HostProcess.StartAsync(root))
        {
            Assert.Equal(HttpStatusCode.OK, (await host.InvokeAsync("hello", "greet")).Status);
            Assert.Equal(HttpStatusCode.OK, (await host.ActAsync("hello", "stop")).Status);
            (await host.InvokeAsync("hello", "greet")).AssertError(HttpStatusCode.Conflict, "CONFLICT");
            await host.StopAsync();
        }

        await using var next = await HostProcess.StartAsync(root);
        await next.WorkerOfAsync("faulty");
        Assert.Equal("stopped", (await next.ProjectAsync("hello")).GetProperty("status").GetString());
        (await next.InvokeAsync("hello", "greet")).AssertError(HttpStatusCode.Conflict, "CONFLICT");
        Assert.Empty((await next.ProjectAsync("hello")).GetProperty("workers").EnumerateArray());
        Assert.Equal(HttpStatusCode.OK, (await next.ActAsync("hello", "start")).Status);
        Assert.Equal(HttpStatusCode.OK, (await next.InvokeAsync("hello", "greet")).Status);
    }

    [SkippableFact]
    public async Task Start_FunctionsWereCalled_CountsGoOn()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("hello", "hello");
        for (var round = 1; round <= 2; round++)
        {
            await using var host = await HostProcess.StartAsync(root);
            for (var call = 0; call < 5; call++)
            {
                await host.InvokeAsync("hello", "greet");
            }

            var function = await Answer.OfAsync(await host.Client.GetAsync(new Uri("/api/v1/functions/hello/greet", UriKind.Relative)));
            Assert.Equal(5 * round, function.Json.GetProperty("function").GetProperty("execution_count").GetInt64());
            await host.StopAsync();
        }
    }

    [SkippableFact]
    public async Task Start_AnotherHostHasTheDataDirectory_RefusesAndLeavesItAlone()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var first = await HostProcess.StartAsync(root);
        var worker = await first.WorkerOfAsync("faulty");
        var sockets = root.SocketDirectory;

        await using var second = HostProcess.Launch(root);

        Assert.NotEqual(0, await second.WaitForExitAsync());
        Assert.Contains(root.DataDirectory, second.Output.Text);
        Assert.Contains("another", second.Output.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(worker, await first.WorkerOfAsync("faulty"));
        Assert.Equal(sockets, root.SocketDirectory);
        Assert.True(File.Exists(Path.Combine(sockets!, "host")));
    }

    [SkippableFact]
    public async Task Start_PortInUse_SaysSoInOneLineAndStartsNoWorker()
    {
        using var root = new ContentRoot().With("hello", "hello");
        await using var first = await HostProcess.StartAsync(root);
        using var other = new ContentRoot().With("hello", "hello");

        await using var second = HostProcess.Launch(other, ("PORT", $"{first.Address.Port}"));

        Assert.NotEqual(0, await second.WaitForExitAsync());
        var line = Assert.Single(second.Output.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains($"127.0.0.1:{first.Address.Port}", line);
        Assert.Contains("in use", line);
        Assert.Null(other.SocketDirectory);
        Assert.Empty(other.RecordedWorkers);
    }
}
