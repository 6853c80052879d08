using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>The end of all workers with their host.</summary>
public class WorkerSupervisorStopTests
{
    [Theory]
    [InlineData("Starting", "")]
    [InlineData("Standby", "refuse, drain")]
    [InlineData("Loading", "load shop 1, refuse, drain")]
    [InlineData("Ready", "load shop 1, refuse, drain")]
    [InlineData("Draining", "load shop 1, refuse, drain")]
    [InlineData("Crashed", "load shop 1")]
    public async Task Dispose_WorkerInAnyState_EndsItAndStartsNoOther(string state, string commands)
    {
        await using var host = await SupervisorUnderTest.StartAsync(options => options.StandbyWorkers = state == "Standby" ? 1 : 0);
        var process = await host.TakeToAsync(Enum.Parse<WorkerState>(state));

        var stopped = await host.StopAsync();
        process.Link.InFlight = 0;
        await host.AdvanceAsync(state == "Draining" ? SupervisorUnderTest.Tick : TimeSpan.Zero);

        Assert.Equal(commands, string.Join(", ", process.Link.Commands));
        process.Exit(0); // Where it has not been killed.
        await stopped.Soon($"the stop of a worker that was {state}");
        Assert.Equal(state is "Starting" or "Crashed", process.IsKilled);
        Assert.Single(host.Runner.Processes);
        Assert.Empty(host.Supervisor.Workers);
    }

    [Fact]
    public async Task Dispose_CallsRun_AreCutAndTheirTokensHaveTheirGrace()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var process = await host.TakeToAsync(WorkerState.Ready);
        process.Link.InFlight = 1;

        var stopped = await host.StopAsync();
        Assert.DoesNotContain("cut", process.Link.Commands);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.Equal("cut", process.Link.Commands[^1]);
        process.Link.OnlyAbandoned = true;
        await host.AdvanceAsync(host.Settings.CancelGrace + SupervisorUnderTest.Tick);

        Assert.True(process.IsKilled);
        await stopped.Soon("the stop");
    }

    [Fact]
    public async Task Dispose_WorkerDoesNotEnd_GivesItUpInTime()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var process = await host.TakeToAsync(WorkerState.Ready);
        process.Lingers = true;

        var stopped = await host.StopAsync();
        await host.AdvanceAsync(host.Settings.ExitTimeout + TimeSpan.FromSeconds(2));
        Assert.False(stopped.IsCompleted);
        host.Time.Advance(TimeSpan.FromSeconds(1));

        await stopped.Soon("the stop");
        Assert.True(process.IsKilled);
    }

    [Fact]
    public async Task Dispose_GateIsClosed_StaysClosed()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var serving = await host.ServeAsync(host.NewPool());
        var process = host.ProcessOf(serving.Pools[0]);
        var closed = new Runtime.Invocations.Rejection(Runtime.Invocations.RejectionReason.Draining, "The host stops.");
        serving.Gate.Close(closed);

        var stopped = await host.StopAsync();
        process.Exit(0);
        await stopped.Soon("the stop");

        Assert.Same(closed, serving.Gate.Closed);
    }

    [Fact]
    public async Task Dispose_Twice_IsDoneOnce()
    {
        var host = await SupervisorUnderTest.StartAsync();
        await host.DisposeAsync();

        await host.Supervisor.DisposeAsync();
    }

    [Fact]
    public async Task Dispose_NeverStarted_Ends()
    {
        var host = new SupervisorUnderTest();

        await host.DisposeAsync().AsTask().Soon("the stop");
    }
}
