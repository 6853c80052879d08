using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Projects that nobody calls, and how they come back.</summary>
public class WorkerSupervisorSleepTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Tick_NoCallForIdleTimeout_StopsTheWorkersUntilTheNextCall()
    {
        await using var host = await StartAsync();
        var serving = await host.ServeAsync(host.NewPool(size: 2));
        var pool = serving.Pools[0];
        var processes = host.ProcessesOf(pool);

        await host.AdvanceAsync(Idle - SupervisorUnderTest.Tick);
        Assert.DoesNotContain("drain", processes[0].Link.Commands);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.All(processes, process => Assert.Equal("drain", process.Link.Commands[^1]));
        Assert.Equal((true, false), (pool.Asleep, pool.Wanted));
        Assert.Contains("Information: Project shop is idle: its workers stop until the next call", host.Messages);
        foreach (var process in processes)
        {
            await host.DoAsync(() => process.Exit(0));
        }

        await host.JumpAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(host.Supervisor.Workers);

        var call = serving.Gate.EnterAsync(long.MaxValue, default).AsTask();
        await host.SettleAsync();
        await host.BecomeReadyAsync(pool);
        Assert.Null(await call);
        Assert.False(pool.Asleep);
    }

    [Fact]
    public async Task Tick_CallsComeNowAndThen_StaysAwake()
    {
        await using var host = await StartAsync();
        var serving = await host.ServeAsync(host.NewPool());
        var process = host.ProcessOf(serving.Pools[0]);
        for (var call = 0; call < 5; call++)
        {
            await host.AdvanceAsync(Idle - SupervisorUnderTest.Tick);
            process.Link.Opened++; // Too short to be met running.
        }

        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.True(serving.Gate.TryEnter()); // A long one.
        await host.AdvanceAsync(5 * Idle);
        Assert.False(serving.Pools[0].Asleep);

        serving.Gate.Exit();
        await host.AdvanceAsync(Idle);
        Assert.True(serving.Pools[0].Asleep);
    }

    [Fact]
    public async Task Tick_NoIdleTimeout_NobodySleeps()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var serving = await host.ServeAsync(host.NewPool());

        await host.JumpAsync(TimeSpan.FromMinutes(10));

        Assert.False(serving.Pools[0].Asleep);
    }

    [Fact]
    public async Task Tick_WorkersStart_TheirTimeIsNotIdle()
    {
        await using var host = await StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        await host.DoAsync(() => host.Supervisor.Serve(host.NewServing(pool)));
        await host.AdvanceAsync(3 * Idle);
        await host.BecomeReadyAsync(pool);

        await host.AdvanceAsync(Idle - SupervisorUnderTest.Tick);

        Assert.False(pool.Asleep);
    }

    [Fact]
    public async Task Tick_TwoVersionsServe_SleepAndWakeTogether()
    {
        await using var host = await StartAsync();
        var first = await host.AddReadyAsync(host.NewPool());
        var second = await host.AddReadyAsync(host.NewPool(version: 2));
        var serving = host.NewServing(first, second);
        await host.DoAsync(() => host.Supervisor.Serve(serving));
        for (var call = 0; call < 5; call++)
        {
            await host.AdvanceAsync(Idle / 2);
            host.ProcessOf(second).Link.Opened++; // One that is called keeps the other awake.
        }

        Assert.False(first.Asleep);
        await host.AdvanceAsync(2 * Idle);
        Assert.True(first.Asleep && second.Asleep);

        await host.DoAsync(() => host.Supervisor.Wake(serving));

        Assert.True(first.Wanted && second.Wanted);
    }

    [Fact]
    public async Task Sleep_NoCallSinceTheLastCheck_StopsTheWorkersAtOnce()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var serving = await host.ServeAsync(host.NewPool());
        host.ProcessOf(serving.Pools[0]).Link.Opened = 1;
        await host.DoAsync(() => host.Supervisor.Sleep(serving));
        Assert.False(serving.Pools[0].Asleep);

        await host.DoAsync(() => host.Supervisor.Sleep(serving));

        Assert.True(serving.Pools[0].Asleep);
    }

    [Fact]
    public async Task Wake_WhileTheWorkersDrain_StartsOthers()
    {
        await using var host = await StartAsync();
        var serving = await host.ServeAsync(host.NewPool());
        await host.AdvanceAsync(Idle);
        var drains = host.ProcessOf(serving.Pools[0]);

        var call = serving.Gate.EnterAsync(long.MaxValue, default).AsTask();
        await host.SettleAsync();

        var starts = Assert.Single(host.ProcessesOf(serving.Pools[0]), process => process != drains);
        await host.DoAsync(starts.Connect);
        await host.DoAsync(starts.BecomeReady);
        Assert.Null(await call);
    }

    [Fact]
    public async Task Serve_CallsWaitedForSleepingPools_WakesThem()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = host.NewPool();
        (pool.Wanted, pool.Asleep) = (false, true);
        await host.AddAsync(pool);
        var serving = host.NewServing(pool);
        var call = serving.Gate.EnterAsync(long.MaxValue, default).AsTask();
        await host.SettleAsync();
        await host.DoAsync(() => host.ProcessesOf(pool)[0].Exit(0)); // What that call itself has woken.
        (pool.Wanted, pool.Asleep) = (false, true);

        await host.DoAsync(() => host.Supervisor.Serve(serving));

        await host.BecomeReadyAsync(pool);
        Assert.Null(await call);
    }

    [Fact]
    public async Task Serve_OneSleepsBesideOneThatIsAwake_WakesIt()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var awake = await host.AddReadyAsync(host.NewPool());
        var asleep = host.NewPool(version: 2);
        (asleep.Wanted, asleep.Asleep) = (false, true);
        await host.AddAsync(asleep);

        await host.DoAsync(() => host.Supervisor.Serve(host.NewServing(awake, asleep)));

        await host.BecomeReadyAsync(asleep);
    }

    [Fact]
    public async Task Serve_OtherPools_ThoseBeforeNoLongerTouchTheGate()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var before = await host.ServeAsync(host.NewPool());
        var next = await host.AddReadyAsync(host.NewPool(version: 2));
        await host.DoAsync(() => host.Supervisor.Serve(new ServingPools(before.Gate, [next])));

        await host.CrashAsync(host.ProcessOf(before.Pools[0]));

        Assert.True(before.Gate.TryEnter());
        Assert.Null(before.Pools[0].Serving);
    }

    private static Task<SupervisorUnderTest> StartAsync() => SupervisorUnderTest.StartAsync(static options => options.IdleTimeout = Idle);
}
