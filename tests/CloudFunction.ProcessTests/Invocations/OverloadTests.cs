using System.Net;
using CloudFunction.ProcessTests.Harness;

namespace CloudFunction.ProcessTests.Invocations;

/// <summary>More calls than there is room for, and calls before there is anybody to run them.</summary>
public sealed class OverloadTests
{
    private const int Calls = 500;

    [SkippableFact]
    public async Task Invoke_500CallsWhileTheHostStartsTheProject_AllAreAnsweredByOneWorker()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("STANDBY_WORKERS", "0"));

        AssertAllAnsweredByOneWorker(await CallAsync(host));
        Assert.Equal(1, host.Output.Count("is ready with faulty"));
    }

    [SkippableFact]
    public async Task Invoke_500CallsToAnIdleProject_WakeItOnce()
    {
        UnixProcess.RequireLinux();
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("IDLE_TIMEOUT", "500ms"), ("STANDBY_WORKERS", "0"));
        var before = await host.WorkerOfAsync("faulty");
        await Eventually.BecomesAsync(
            () => root.RecordedWorkers.Count == 0, TimeSpan.FromSeconds(15), () => $"The idle worker still runs. {host.Output}");
        Assert.False(UnixProcess.IsAlive(before));
        Assert.Equal("running", (await host.ProjectAsync("faulty")).GetProperty("status").GetString());

        Assert.NotEqual(before, AssertAllAnsweredByOneWorker(await CallAsync(host)));
        Assert.Equal(2, host.Output.Count("is ready with faulty"));
    }

    [SkippableFact]
    public async Task Invoke_MoreCallsThanMayWait_TheRestAreTurnedAwayAtOnce()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_QUEUE", "100"), ("STANDBY_WORKERS", "0"), ("IDLE_TIMEOUT", "500ms"));

        var answers = await CallAsync(host);

        var turnedAway = answers.Where(a => a.Status != HttpStatusCode.OK).ToArray();
        Assert.InRange(answers.Length - turnedAway.Length, 100, Calls - 1);
        Assert.All(turnedAway, a =>
        {
            a.AssertError(HttpStatusCode.ServiceUnavailable, "OVERLOADED");
            Assert.True(a.Headers.RetryAfter?.Delta > TimeSpan.Zero, "There is no Retry-After.");
        });
        AssertAllAnsweredByOneWorker([.. answers.Except(turnedAway)]);
    }

    [SkippableFact]
    public async Task Invoke_FunctionWithALimitOfItsOwn_RunsNoMoreAtOnceAndHoldsNobodyElseUp()
    {
        using var root = new ContentRoot().With("faulty", "faulty");
        await using var host = await HostProcess.StartAsync(root, ("MAX_CONCURRENT", "2"));
        await host.WorkerOfAsync("faulty");

        // Forty times 20 ms one after the other; were they to wait in the project's two places, the echo would wait with them.
        var limited = Enumerable.Range(0, 40).Select(_ => host.InvokeAsync("faulty", "one-at-a-time")).ToArray();
        var echo = await host.InvokeAsync("faulty", "echo", "7");
        var left = limited.Count(c => !c.IsCompleted);

        Assert.Equal(7, echo.Result.GetInt32());
        Assert.True(left > 10, $"Only {left} calls were left when the echo came.");
        Assert.All(await Task.WhenAll(limited), a => Assert.Equal(1, a.Result.GetInt32()));
    }

    private static Task<Answer[]> CallAsync(HostProcess host) =>
        Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => host.InvokeAsync("faulty", "pid")));

    private static int AssertAllAnsweredByOneWorker(Answer[] answers)
    {
        Assert.All(answers, a => Assert.True(a.Status == HttpStatusCode.OK, a.Text));
        return Assert.Single(answers.Select(a => a.Result.GetInt32()).Distinct());
    }
}
