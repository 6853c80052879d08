using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Hosting;

/// <summary>A host that is killed, and the next one on its directories.</summary>
public sealed class HostLossTests
{
    [SkippableFact]
    public async Task Kill_WithCallsStandbyAndChildren_AllEndWithin5SecondsAndTheNextHostWorks()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty").With("hello", "hello");
        string staleSockets;
        await using (var host = await HostProcess.StartAsync(root))
        {
            await host.WaitForStatusAsync("hello", "running");
            var child = (await host.InvokeAsync("faulty", "spawn")).Result.GetInt32();
            IReadOnlyList<int> workers = [];
            await Eventually.BecomesAsync(
                async () => (workers = await host.WorkersAsync()).Count == 3, TimeSpan.FromSeconds(15),
                () => Task.FromResult($"Two projects and a standby are {workers.Count} workers. {host.Output}"));
            var spinning = host.InvokeAsync("faulty", "spin");
            await root.WaitForMarkerAsync("faulty", "spin.started");
            staleSockets = root.SocketDirectory!;
            int[] all = [.. workers, child];
            Assert.All(all, pid => Assert.True(UnixProcess.IsAlive(pid), $"{pid} ended by itself."));

            UnixProcess.Signal(host.Pid, UnixProcess.SigKill);

            await Eventually.BecomesAsync(
                () => !all.Any(UnixProcess.IsAlive), TimeSpan.FromSeconds(5),
                () => $"Still there: {string.Join(", ", all.Where(UnixProcess.IsAlive))} of workers {string.Join(", ", workers)} and child {child}.");
            await Assert.ThrowsAsync<HttpRequestException>(() => spinning);
        }

        Assert.True(Directory.Exists(staleSockets), "A killed host has cleared up: this test shows nothing.");
        await using var next = await HostProcess.StartAsync(root);
        await next.WorkerOfAsync("faulty");
        Assert.False(Directory.Exists(staleSockets), "The socket of the host that was killed is still there.");
        Assert.NotEqual(staleSockets, root.SocketDirectory);
    }

    [SkippableFact]
    public async Task Start_EarlierHostLeftAWorkerThatCouldNotEndItself_EndsIt()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        int left;
        await using (var host = await HostProcess.StartAsync(root))
        {
            left = await host.WorkerOfAsync("faulty");
            UnixProcess.Signal(left, UnixProcess.SigStop);
            UnixProcess.Signal(host.Pid, UnixProcess.SigKill);
            await host.WaitForExitAsync();
            Assert.True(UnixProcess.IsAlive(left), "It ended though it was frozen: this test shows nothing.");
            await using var next = await HostProcess.StartAsync(root);

            Assert.False(UnixProcess.IsAlive(left), "The worker of the host that was killed is still there.");
            Assert.NotNull(next.Output.Find("that an earlier host had left"));
            await next.WorkerOfAsync("faulty");
        }
    }
}
