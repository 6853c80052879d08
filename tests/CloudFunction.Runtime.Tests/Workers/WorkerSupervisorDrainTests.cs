using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Workers that are taken out of service: refuse, drain, cut, kill.</summary>
public class WorkerSupervisorDrainTests
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task Retire_NoCallRuns_DrainsAtOnceAndEndsWithTheLastWorker()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool(size: 2));
        var processes = host.ProcessesOf(pool);

        var gone = host.Supervisor.RetireAsync(pool, Grace, "its project is stopped");
        await host.SettleAsync();

        Assert.All(processes, process => Assert.Equal(["load shop 1", "refuse", "drain"], process.Link.Commands));
        Assert.Null(pool.Pick());
        await host.DoAsync(() => processes[0].Exit(0));
        Assert.False(gone.IsCompleted);
        await host.DoAsync(() => processes[1].Exit(0));
        Assert.True(gone.IsCompletedSuccessfully);
        Assert.All(processes, process => Assert.Equal((WorkerState.Stopped, false), (process.Worker.State, process.IsKilled)));
        Assert.Contains(
            $"Information: Worker w1 ({processes[0].Worker.Pid}) of shop version 1 has stopped with exit code 0: its project is stopped",
            host.Messages);
        await host.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Empty(host.Supervisor.Workers);
    }

    [Fact]
    public async Task Retire_CallsRun_EndWithinTheGraceAndThenTheWorkerIsDrained()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        process.Link.InFlight = 1;
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, Grace, "newer workers took its place"));
        await host.AdvanceAsync(Grace);
        Assert.Equal(["load shop 1", "refuse"], process.Link.Commands);

        process.Link.InFlight = 0;
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.Equal(["load shop 1", "refuse", "drain"], process.Link.Commands);
    }

    [Fact]
    public async Task Retire_CallsRunBeyondTheGrace_AreCutAndTheWorkerIsKilledWhereTheyGoOn()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        process.Link.InFlight = 1;
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, Grace, "newer workers took its place"));

        await host.AdvanceAsync(Grace + SupervisorUnderTest.Tick);

        Assert.Equal(["load shop 1", "refuse", "cut"], process.Link.Commands);
        process.Link.OnlyAbandoned = true; // So they are once they are cut; their tokens have fired.
        await host.AdvanceAsync(host.Settings.CancelGrace);
        Assert.False(process.IsKilled);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.True(process.IsKilled);
        Assert.Equal(WorkerState.Stopped, process.Worker.State);
    }

    [Fact]
    public async Task Retire_CutCallsEnd_DrainsTheWorker()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        process.Link.InFlight = 1;
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, TimeSpan.Zero, "its project is stopped"));
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        process.Link.InFlight = 0;
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.Equal(["load shop 1", "refuse", "cut", "drain"], process.Link.Commands);
    }

    [Fact]
    public async Task Retire_DrainedWorkerDoesNotExit_IsKilled()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, TimeSpan.Zero, "its project is stopped"));
        process.Link.SinceLastPong = TimeSpan.FromHours(1); // It answers no pings any more, and need not.
        await host.DoAsync(() => process.EndConnection());
        var pings = process.Link.Pings;

        await host.AdvanceAsync(host.Settings.ExitTimeout);
        Assert.False(process.IsKilled);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.True(process.IsKilled);
        Assert.Equal(pings, process.Link.Pings);
    }

    [Theory]
    [InlineData("Starting")]
    [InlineData("Loading")]
    public async Task Retire_BeforeItIsReady_EndsTheWorkerAndCancelsTheLoad(string state)
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var process = await host.TakeToAsync(Enum.Parse<WorkerState>(state));
        var pool = process.Worker.Pool!;

        var gone = host.Supervisor.RetireAsync(pool, Grace, "its deployment does not serve");
        await host.SettleAsync();

        Assert.True(pool.FirstReady.Task.IsCanceled);
        Assert.Equal(state == "Starting", process.IsKilled); // Without a connection nobody can tell it anything.
        await host.DoAsync(() => process.Exit(0));
        Assert.True(gone.IsCompletedSuccessfully);
        Assert.Equal(WorkerState.Stopped, process.Worker.State);
    }

    [Fact]
    public async Task Retire_ConnectsOnlyNow_IsNotGivenItsDeployment()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        process.Lingers = true;
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, Grace, "its deployment does not serve"));

        await host.DoAsync(process.Connect);

        Assert.Empty(process.Link.Commands);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.Equal(["drain"], process.Link.Commands);
    }

    [Fact]
    public async Task Retire_PoolWithoutWorkers_IsGoneAtOnce()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = host.NewPool();
        pool.Wanted = false;
        await host.AddAsync(pool);

        await host.Supervisor.RetireAsync(pool, Grace, "its project is stopped");

        Assert.Empty(host.Runner.Processes);
    }

    [Fact]
    public async Task Retire_WithARejection_ClosesTheGateThatAWorkerHasOpenedMeanwhile()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        var serving = host.NewServing(pool);
        await host.DoAsync(() => host.Supervisor.Serve(serving));
        var stopped = new Rejection(RejectionReason.ProjectStopped, "It is stopped.");
        serving.Gate.Close(stopped);
        await host.BecomeReadyAsync(pool);
        Assert.Null(serving.Gate.Closed);

        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, TimeSpan.Zero, "its project is stopped", stopped));
        await host.DoAsync(() => host.ProcessOf(pool).Exit(0));

        Assert.Same(stopped, serving.Gate.Closed);
    }

    [Fact]
    public async Task ShortenDrain_CallsWerePromisedMore_AreCutSooner()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        process.Link.InFlight = 1;
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, Grace, "newer workers took its place"));
        await host.DoAsync(() => host.Supervisor.ShortenDrain(pool, TimeSpan.FromHours(1))); // Which is more, not less.

        await host.DoAsync(() => host.Supervisor.ShortenDrain(pool, TimeSpan.FromSeconds(1)));

        await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain("cut", process.Link.Commands);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.Contains("cut", process.Link.Commands);
    }

    [Fact]
    public async Task ShortenDrain_WorkerExitsAlready_KeepsItsTimeToStopServices()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, Grace, "newer workers took its place"));

        await host.DoAsync(() => host.Supervisor.ShortenDrain(pool, TimeSpan.Zero));
        await host.AdvanceAsync(host.Settings.ExitTimeout);

        Assert.False(process.IsKilled);
    }

    [Fact]
    public async Task CutCalls_AllWorkers_EndTheirCalls()
    {
        await using var host = await SupervisorUnderTest.StartAsync(static options => options.StandbyWorkers = 1);
        var pool = await host.AddReadyAsync(host.NewPool());

        host.Supervisor.CutCalls();

        Assert.Equal(["load shop 1", "cut"], host.ProcessOf(pool).Link.Commands);
    }
}
