using CloudFunction.Protocol.Connections;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.Supervision;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Workers that end without being asked to, or might as well have.</summary>
public class WorkerSupervisorLossTests
{
    [Fact]
    public async Task ConnectionEnd_ReadyWorker_TakesNoFurtherCallAndIsReplacedOnceItsExitIsKnown()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var serving = await host.ServeAsync(host.NewPool());
        var pool = serving.Pools[0];
        var process = host.ProcessOf(pool);
        process.Lingers = true;

        await host.DoAsync(() => process.EndConnection());

        Assert.Equal((WorkerState.Crashed, true), (process.Worker.State, process.IsKilled));
        Assert.False(serving.Gate.TryEnter());
        Assert.Null(pool.Pick());
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.Single(host.Runner.Processes);

        process.WriteError("had enough");
        await host.DoAsync(() => process.Exit(134));

        Assert.Equal("It was ended by signal 6. Its last output on standard error:\nhad enough", pool.LastError);
        Assert.Contains($"Error: Worker w1 ({process.Worker.Pid}) of shop version 1 was lost with exit code 134: {pool.LastError}", host.Messages);
        Assert.True(process.Link.IsDisposed);
        await host.BecomeReadyAsync(pool);
        Assert.True(serving.Gate.TryEnter());
    }

    [Fact]
    public async Task ConnectionEnd_ProtocolBroken_IsTheReasonOfTheLoss()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());

        await host.DoAsync(() => host.ProcessOf(pool).EndConnection(ConnectionEndReason.ProtocolError, "A frame is too long."));

        Assert.Equal("It broke the protocol: A frame is too long.", pool.LastError);
    }

    [Fact]
    public async Task Crash_OneAfterTheOther_IsReplacedLaterEachTimeAndTheTenthMakesThePoolUnhealthy()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var serving = await host.ServeAsync(host.NewPool());
        var pool = serving.Pools[0];
        var delays = new List<int>();
        for (var crash = 1; crash < CrashHistory.MaxCrashes; crash++)
        {
            await host.CrashAsync(host.ProcessOf(pool));
            var ticks = 0;
            while (host.ProcessesOf(pool).Count == 0)
            {
                Assert.True(++ticks <= 100, $"Crash {crash} is never made up for: {host}");
                await host.AdvanceAsync(SupervisorUnderTest.Tick);
            }

            delays.Add(ticks * 100);
            await host.BecomeReadyAsync(pool);
        }

        Assert.Equal([0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000], delays);
        var last = host.ProcessOf(pool);
        last.Lingers = true;
        await host.DoAsync(() => last.EndConnection());
        var waits = serving.Gate.EnterAsync(long.MaxValue, default).AsTask();
        await host.DoAsync(() => last.Exit(3));

        var rejection = (await waits)!;
        Assert.Equal(RejectionReason.Unhealthy, rejection.Reason);
        Assert.Equal(
            "The workers of this project were lost 10 times within 60 s; deploy it anew or restart it. Last: It exited with code 3.",
            rejection.Cause);
        Assert.Equal("It exited with code 3.", pool.LastError);
        Assert.Contains(
            $"Error: Project shop is unhealthy: its workers were lost 10 times within 60 s (error {rejection.Id}). Last: It exited with code 3.",
            host.Messages);
        await host.JumpAsync(TimeSpan.FromMinutes(2));
        await host.DoAsync(() => host.Supervisor.Wake(serving));
        Assert.Empty(host.Runner.Running);

        // A restart: another pool takes its place and opens the gate again.
        var next = await host.AddReadyAsync(host.NewPool());
        var anew = new ServingPools(serving.Gate, [next]);
        await host.DoAsync(() => host.Supervisor.Serve(anew));
        await host.DoAsync(() => host.Supervisor.RetireAsync(pool, TimeSpan.Zero, "newer workers took its place"));
        Assert.True(serving.Gate.TryEnter());
    }

    [Fact]
    public async Task Crash_OftenButNotWithinTheWindow_IsAlwaysReplacedAtOnce()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        for (var crash = 0; crash < 3 * CrashHistory.MaxCrashes; crash++)
        {
            await host.CrashAsync(host.ProcessOf(pool));
            await host.BecomeReadyAsync(pool);
            await host.JumpAsync(CrashHistory.Window + SupervisorUnderTest.Tick);
        }

        Assert.Null(pool.Unhealthy);
    }

    [Fact]
    public async Task Crash_OneOfSeveral_LeavesTheOthersAndTheirProjectsAlone()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var serving = await host.ServeAsync(host.NewPool(size: 2));
        var other = await host.AddReadyAsync(host.NewPool("other"));
        var stays = host.ProcessesOf(serving.Pools[0])[1];

        await host.CrashAsync(host.ProcessesOf(serving.Pools[0])[0]);
        await host.CrashAsync(host.ProcessOf(other));

        Assert.Same(stays.Worker, serving.Pools[0].Pick());
        Assert.True(serving.Gate.TryEnter());
        Assert.Equal([0, 0], new[] { serving.Pools[0], other }.Select(pool => (int)(pool.NotBefore - host.Time.GetTimestamp())));
        Assert.Equal(2, host.ProcessesOf(serving.Pools[0]).Count);
    }

    [Fact]
    public async Task Exit_ReplacementDoesNotLoad_CountsAsALoss()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        await host.CrashAsync(host.ProcessOf(pool));
        await host.DoAsync(host.ProcessOf(pool).Connect);

        await host.DoAsync(() => host.ProcessOf(pool).FailLoad("the disk is full"));

        Assert.Equal("The deployment does not load: the disk is full", pool.LastError);
        Assert.True(pool.Wanted);
        await host.AdvanceAsync(SupervisorUnderTest.Tick); // As after any second loss.
        await host.BecomeReadyAsync(pool);
    }

    [Fact]
    public async Task Ping_EverySoOften_IsSentToWhoeverIsConnected()
    {
        await using var host = await SupervisorUnderTest.StartAsync(static options => options.WorkerPingTimeout = TimeSpan.FromSeconds(4));
        var pool = await host.AddReadyAsync(host.NewPool(size: 2));
        await host.AdvanceAsync(TimeSpan.FromSeconds(3));
        var before = host.ProcessesOf(pool)[0].Link.Pings;

        await host.AdvanceAsync(TimeSpan.FromSeconds(3)); // A quarter of the limit apart.

        Assert.Equal([3, 3], host.ProcessesOf(pool).Select(process => process.Link.Pings - before));
    }

    [Theory]
    [InlineData("Standby")]
    [InlineData("Loading")]
    [InlineData("Ready")]
    [InlineData("Draining")]
    public async Task Ping_NoAnswer_EndsTheWorkerInAnyState(string state)
    {
        await using var host = await SupervisorUnderTest.StartAsync(static options => options.StandbyWorkers = 1);
        var process = await host.TakeToAsync(Enum.Parse<WorkerState>(state));
        process.Lingers = true;
        process.Link.SinceLastPong = host.Options.WorkerPingTimeout;
        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        Assert.False(process.IsKilled);

        process.Link.SinceLastPong += TimeSpan.FromTicks(1);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.True(process.IsKilled);
        await host.DoAsync(() => process.Exit(137));
        const string Reason = "It answered no ping for 10 s (WORKER_PING_TIMEOUT).";
        Assert.Contains(host.Messages, static message => message.EndsWith(Reason, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ping_NoAnswerUnderADebugger_IsForgiven()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        process.ReportStats(debugged: true);
        process.Link.SinceLastPong = TimeSpan.FromHours(1);
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.False(process.IsKilled);

        process.ReportStats(debugged: false);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.True(process.IsKilled);
    }

    [Fact]
    public async Task Stuck_FunctionIgnoresItsToken_WorkerIsReplacedAtOnceAndKilledWhenNobodyWaitsForIt()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var serving = await host.ServeAsync(host.NewPool());
        var process = host.ProcessOf(serving.Pools[0]);
        process.Link.InFlight = 2;

        await host.DoAsync(process.ReportStuck);

        Assert.Equal((WorkerState.Draining, false), (process.Worker.State, process.IsKilled));
        Assert.Equal(["load shop 1", "refuse"], process.Link.Commands);
        Assert.Contains(
            $"Warning: Worker w1 ({process.Worker.Pid}) of shop is being replaced: a function goes on though its token has fired", host.Messages);
        var successor = host.ProcessesOf(serving.Pools[0])[1];
        await host.DoAsync(successor.Connect);
        await host.DoAsync(successor.BecomeReady);
        Assert.True(serving.Gate.TryEnter());

        process.Link.OnlyAbandoned = true; // The other call has ended.
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.True(process.IsKilled);
        Assert.Equal((0L, (string?)null), (serving.Pools[0].NotBefore, serving.Pools[0].LastError)); // It is no loss.
    }
}
