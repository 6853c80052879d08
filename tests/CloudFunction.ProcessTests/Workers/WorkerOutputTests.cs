using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Workers;

/// <summary>What functions write to their standard streams, and tasks that they forget.</summary>
public sealed class WorkerOutputTests
{
    private const int Megabyte = 1 << 20;

    [SkippableFact]
    public async Task Output_FloodWithNoNewlineNulsAndBrokenText_NeverBlocksTheFunctionAndIsCapped()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var worker = await host.WorkerOfAsync("faulty");
        UnixProcess.ResetPeak(host.Pid);
        var before = UnixProcess.ResidentBytes(host.Pid);

        Assert.Equal("written", (await host.InvokeAsync("faulty", "flood", $"{64 * Megabyte}", "?timeout=20")).Result.GetString());

        // Said though nothing follows.
        await Eventually.BecomesAsync(
            () => host.Output.Find("Dropped ") is not null, TimeSpan.FromSeconds(10), () => $"Nothing was said of lines that were dropped. {host.Output}");
        var lines = host.Output.Count("line");
        var longest = host.Output.Text.Split('\n').Max(l => l.Length);
        var grown = UnixProcess.PeakBytes(host.Pid) - before;
        Assert.True(lines <= 3000, $"{lines} of 20,000 lines came through.");
        Assert.True(longest < 20_000, $"A line of {longest} characters came through.");
        Assert.True(grown < 50L * Megabyte, $"The host grew by {grown / Megabyte} MB.");
        Assert.Contains("x\\0", host.Output.Text);
        Assert.False(host.Output.Text.Contains('\0'), "A NUL came through.");
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }

    [SkippableFact]
    public async Task Task_FailsAndNobodyLooksAtIt_IsLoggedAndTheWorkerLives()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var worker = await host.WorkerOfAsync("faulty");

        await host.InvokeAsync("faulty", "forget-task");

        await Eventually.BecomesAsync(
            () => host.Output.Find("Nobody looks at this.") is not null, TimeSpan.FromSeconds(5), () => $"It is not in the log. {host.Output}");
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }
}
