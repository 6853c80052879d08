using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Workers that are started before anybody needs them.</summary>
public class WorkerSupervisorStandbyTests
{
    [Fact]
    public async Task Start_StandbyWorkers_AreStartedAndWait()
    {
        await using var host = await StartAsync(2);

        await host.DoAsync(host.ProcessesOf(null)[0].Connect);
        await host.JumpAsync(host.Options.NotifyTimeout);

        Assert.Equal([WorkerState.Standby, WorkerState.Starting], host.ProcessesOf(null).Select(process => process.Worker.State));
        Assert.Empty(host.ProcessesOf(null)[0].Link.Commands);
    }

    [Fact]
    public async Task Start_RunnerHasNoStandby_NoneIsStarted()
    {
        await using var host = new SupervisorUnderTest(static options => options.StandbyWorkers = 1);
        host.Runner.CanStandBy = false;
        host.Supervisor.Start();

        await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        Assert.Empty(host.Runner.Processes);
    }

    [Fact]
    public async Task Add_StandbyIsThere_LoadsAtOnceAndIsMadeUpForOnceNobodyWaits()
    {
        await using var host = await StartAsync();
        var standby = host.ProcessOf(null);
        await host.DoAsync(standby.Connect);

        var pool = await host.AddAsync(host.NewPool());

        Assert.Same(standby, host.ProcessOf(pool));
        Assert.Equal(["load shop 1"], standby.Link.Commands);
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Empty(host.ProcessesOf(null)); // A start would take the processor from the one that loads.
        await host.DoAsync(standby.BecomeReady);
        Assert.Single(host.ProcessesOf(null));
    }

    [Fact]
    public async Task Add_StandbyStillStarts_IsTakenAndLoadsOnceItIsConnected()
    {
        await using var host = await StartAsync();
        var standby = host.ProcessOf(null);

        var pool = await host.AddAsync(host.NewPool());

        Assert.Same(standby, host.ProcessOf(pool));
        Assert.False(standby.Worker.OwnProcess);
        await host.BecomeReadyAsync(pool);
    }

    [Fact]
    public async Task Add_OneStandbyIsConnectedAndOneStarts_TakesTheFormer()
    {
        await using var host = await StartAsync(3);
        var connected = host.ProcessesOf(null)[1];
        await host.DoAsync(connected.Connect);

        var pool = await host.AddAsync(host.NewPool());

        Assert.Same(connected, host.ProcessOf(pool));
    }

    [Fact]
    public async Task Add_DeploymentNeedsItsOwnProcess_LeavesTheStandbyAlone()
    {
        await using var host = await StartAsync();
        var standby = host.ProcessOf(null);
        await host.DoAsync(standby.Connect);
        host.Runner.NeedsOwn = static pool => pool.Deployment.Project == "shop";

        var pool = await host.AddAsync(host.NewPool());

        Assert.True(host.ProcessOf(pool).Worker.OwnProcess);
        Assert.Null(standby.Worker.Pool);
    }

    [Fact]
    public async Task Add_MoreThanAreOnStandby_StartsTheRest()
    {
        await using var host = await StartAsync();
        var standby = host.ProcessOf(null);

        var pool = await host.AddAsync(host.NewPool(size: 3));

        Assert.Equal(3, host.ProcessesOf(pool).Count);
        Assert.Contains(standby, host.ProcessesOf(pool));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exit_OfAStandby_IsMadeUpForAfterTwoSeconds(bool connects)
    {
        await using var host = await StartAsync();
        var standby = host.ProcessOf(null);
        if (connects)
        {
            await host.DoAsync(standby.Connect);
        }

        await host.DoAsync(() => standby.Exit(1));

        Assert.Contains($"Error: Standby worker w1 ({standby.Worker.Pid}) was lost with exit code 1: It exited with code 1.", host.Messages);
        await host.AdvanceAsync(TimeSpan.FromSeconds(2) - SupervisorUnderTest.Tick);
        Assert.Empty(host.Runner.Running);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.Single(host.ProcessesOf(null));
    }

    [Fact]
    public async Task Start_StandbyNeverConnects_IsEnded()
    {
        await using var host = await StartAsync();
        var standby = host.ProcessOf(null);

        await host.JumpAsync(host.Options.NotifyTimeout + SupervisorUnderTest.Tick);

        Assert.True(standby.IsKilled);
    }

    [Fact]
    public async Task Exit_OfAStandby_DoesNotDelayThoseThatProjectsNeed()
    {
        await using var host = await StartAsync();
        await host.DoAsync(() => host.ProcessOf(null).Exit(1));

        var pool = await host.AddAsync(host.NewPool());

        Assert.Single(host.ProcessesOf(pool));
    }

    [Fact]
    public async Task SetBaseEnvironment_StandbyWorkers_AreReplacedAndThoseOfProjectsStay()
    {
        await using var host = await StartAsync(2);
        var pool = await host.AddReadyAsync(host.NewPool());
        var before = host.ProcessesOf(null);
        await host.DoAsync(before[0].Connect);
        var environment = new Dictionary<string, string> { ["SHOP"] = "closed" };

        await host.DoAsync(() => host.Supervisor.SetBaseEnvironment(environment));

        Assert.Same(environment, host.Runner.BaseEnvironment);
        Assert.Equal(["refuse", "drain"], before[0].Link.Commands);
        Assert.True(before[1].IsKilled);
        Assert.Equal(WorkerState.Ready, host.ProcessOf(pool).Worker.State);
        Assert.Equal(2, host.ProcessesOf(null).Except(before).Count());

        await host.DoAsync(() => before[0].Exit(0));
        Assert.Contains(
            $"Information: Standby worker {before[0].Worker.Id} ({before[0].Worker.Pid}) has stopped with exit code 0: "
            + "the environment of all projects has changed",
            host.Messages);
        await host.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(2, host.ProcessesOf(null).Count);
    }

    private static Task<SupervisorUnderTest> StartAsync(int standby = 1) =>
        SupervisorUnderTest.StartAsync(options => options.StandbyWorkers = standby);
}
