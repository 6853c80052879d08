using System.Globalization;
using System.Text.RegularExpressions;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Workers;

/// <summary>What functions write to their standard streams, and tasks that they forget.</summary>
public sealed partial class WorkerOutputTests
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
            () => host.Output.Find("Dropped ") is not null, TimeSpan.FromSeconds(10),
            () => $"Nothing was said of lines that were dropped. {host.Output}");
        var lines = host.Output.Text.Split('\n')
            .Count(l => l.Contains("line", StringComparison.Ordinal) && !l.Contains("Dropped ", StringComparison.Ordinal));
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
    public async Task Console_FloodOfLines_ArrivesWholeOrIsCountedWithTheInvocationsId()
    {
        const int Lines = 50_000;
        using var root = new ContentRoot().WithLogging(null).With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);

        var answer = await host.InvokeAsync("faulty", "console-flood", $"{Lines}", "?timeout=30");

        Assert.Equal("nothing to read", answer.Result.GetString());
        await Eventually.BecomesAsync(
            () => AppLog().Contains("Half a line on the console.", StringComparison.Ordinal), TimeSpan.FromSeconds(20),
            () => $"The last line did not come. {host.Output}");
        var records = AppLog().Split('\n');
        var dropped = records.Select(r => DroppedRecords().Match(r)).Where(m => m.Success)
            .Sum(m => int.Parse(m.Groups["count"].Value, CultureInfo.InvariantCulture));
        Assert.Equal(Lines, records.Count(r => r.Contains("console line ", StringComparison.Ordinal)) + dropped);
        Assert.Single(records, r => r.Contains("An error on the console.", StringComparison.Ordinal));

        string AppLog() => root.Log("projects", "faulty", "app.log");
    }

    [SkippableFact]
    public async Task Console_ClosedAndReplacedByAFunction_HarmsNothingElse()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);
        var worker = await host.WorkerOfAsync("faulty");

        Assert.Equal("closed", (await host.InvokeAsync("faulty", "close-output")).Result.GetString());
        Assert.Equal("written", (await host.InvokeAsync("faulty", "flood", "10")).Result.GetString());

        await Eventually.BecomesAsync(
            () => host.Output.Find("The log is another matter.") is not null && host.Output.Find("It cannot be closed.") is not null,
            TimeSpan.FromSeconds(5), () => $"A record is missing. {host.Output}");
        Assert.Null(host.Output.Find("It can be replaced."));
        Assert.Equal(worker, await host.WorkerOfAsync("faulty"));
    }

    [SkippableFact]
    public async Task Thread_ExceptionThatNobodyCatches_IsOneRecordWithItsStack()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root);

        var answer = await host.InvokeAsync("faulty", "throw-on-thread");

        answer.AssertError(System.Net.HttpStatusCode.BadGateway, "WORKER_CRASHED");
        await host.WorkerOfAsync("faulty");
        Assert.NotNull(host.Output.Find("An exception that nobody caught ends this worker: Nobody catches this."));
        Assert.NotNull(host.Output.Find("ThrowOnThread"));

        // What the runtime printed of it is in the report of the lost worker alone.
        var lastError = (await host.ProjectAsync("faulty")).GetProperty("last_error").GetString();
        Assert.Contains("Unhandled exception. System.InvalidOperationException: Nobody catches this.", lastError);
        Assert.Equal(1, host.Output.Count("Unhandled exception."));
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

    [GeneratedRegex("Dropped (?<count>[0-9]+) log records: they came faster")]
    private static partial Regex DroppedRecords();
}
