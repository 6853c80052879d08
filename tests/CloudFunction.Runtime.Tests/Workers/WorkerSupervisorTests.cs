using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>From the start of a worker until it takes calls, or cannot.</summary>
public class WorkerSupervisorTests
{
    [Fact]
    public async Task Add_NoStandby_StartsAProcessThatLoadsTheDeployment()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        Assert.Equal((WorkerState.Starting, false), (process.Worker.State, pool.CanTakeCalls));

        await host.DoAsync(process.Connect);

        Assert.Equal(WorkerState.Loading, process.Worker.State);
        Assert.Equal(["load shop 1"], process.Link.Commands);
        var load = process.Link.Loaded!;
        Assert.Equal(("/shop", "Shop.dll", "/data", false), (load.DeploymentDirectory, load.EntryAssembly, load.DataDirectory, load.Describe));
        Assert.Equal("open", load.Environment["SHOP"]);
        Assert.False(pool.FirstReady.Task.IsCompleted);

        await host.JumpAsync(TimeSpan.FromMilliseconds(70));
        await host.DoAsync(process.BecomeReady);

        Assert.Equal(WorkerState.Ready, process.Worker.State);
        Assert.True(pool.FirstReady.Task.IsCompletedSuccessfully);
        Assert.Same(process.Worker, pool.Pick());
        Assert.Contains($"Information: Worker w1 ({process.Worker.Pid}) is ready with shop version 1, loaded in 70 ms", host.Messages);
    }

    [Fact]
    public async Task Add_PoolOfSeveral_StartsSoManyOnce()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool(size: 3));
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        await host.BecomeReadyAsync(pool);

        Assert.Equal(3, host.Runner.Processes.Count);
    }

    [Fact]
    public async Task Add_DeploymentWithoutSchemas_TheFirstThatIsReadyBringsThem()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddReadyAsync(host.NewPool(describe: true));
        Assert.True(host.ProcessOf(pool).Link.Loaded!.Describe);

        await host.CrashAsync(host.ProcessOf(pool));
        await host.BecomeReadyAsync(pool);

        Assert.False(host.ProcessOf(pool).Link.Loaded!.Describe);
    }

    [Fact]
    public async Task Ready_PoolServes_OpensTheGate()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        var serving = host.NewServing(pool);
        await host.DoAsync(() => host.Supervisor.Serve(serving));
        Assert.False(serving.Gate.TryEnter());
        var waits = serving.Gate.EnterAsync(long.MaxValue, default).AsTask();

        await host.BecomeReadyAsync(pool);

        Assert.Null(await waits);
        Assert.True(serving.Gate.TryEnter());
    }

    [Theory]
    [InlineData(false, "Invalid")]
    [InlineData(true, "DependencyError")]
    public async Task Load_Fails_IsReportedWithTheReasonAndNotTriedAgain(bool dependency, string code)
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        await host.DoAsync(process.Connect);
        process.WriteError("no such file");

        await host.DoAsync(() => process.FailLoad("Lost.dll is missing", dependency));

        var failure = await Assert.ThrowsAsync<DeploymentException>(() => pool.FirstReady.Task);
        Assert.Equal((code, "Lost.dll is missing"), (failure.Code.ToString(), failure.Message));
        Assert.Equal(("Exception: Lost.dll is missing", "no such file\n"), (failure.Exception, failure.StandardError));
        Assert.Equal("The deployment does not load: Lost.dll is missing", pool.LastError);
        Assert.True(process.IsKilled);
        Assert.Contains(host.Messages, message => message.EndsWith("The deployment does not load: Lost.dll is missing", StringComparison.Ordinal));
        await host.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Single(host.Runner.Processes);
    }

    [Theory]
    [InlineData(false, "It did not connect in time (TIMEOUT_NOTIFY).")]
    [InlineData(true, "It did not load the deployment in time (TIMEOUT_NOTIFY).")]
    public async Task Start_TakesTooLong_IsEndedAndReportedWithTheSetting(bool connects, string reason)
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        if (connects)
        {
            await host.JumpAsync(host.Options.NotifyTimeout);
            await host.DoAsync(process.Connect); // Each step has the whole time.
        }

        await host.JumpAsync(host.Options.NotifyTimeout);
        Assert.False(process.IsKilled);
        await host.AdvanceAsync(SupervisorUnderTest.Tick);

        Assert.True(process.IsKilled);
        Assert.Equal(reason, (await Assert.ThrowsAsync<DeploymentException>(() => pool.FirstReady.Task)).Message);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Start_WaitsForADebugger_HasAllTheTime(bool connects)
    {
        await using var host = await SupervisorUnderTest.StartAsync(static options => options.WaitForDebugger = true);
        var pool = await host.AddAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        if (connects)
        {
            await host.DoAsync(process.Connect);
            process.Link.SinceLastPong = TimeSpan.FromMinutes(10);
            Assert.True(process.Link.Loaded!.WaitForDebugger);
            Assert.Contains(host.Messages, static message => message.Contains("waits for a debugger", StringComparison.Ordinal));
        }

        await host.JumpAsync(TimeSpan.FromMinutes(10));

        Assert.False(process.IsKilled);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exit_BeforeItIsReady_FailsTheLoadWithCodeAndErrorOutput(bool connects)
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());
        var process = host.ProcessOf(pool);
        if (connects)
        {
            await host.DoAsync(process.Connect);
        }

        process.WriteError("Bus error");
        await host.DoAsync(() => process.Exit(135));

        var failure = await Assert.ThrowsAsync<DeploymentException>(() => pool.FirstReady.Task);
        Assert.Equal((135, "Bus error\n"), (failure.ExitCode, failure.StandardError));
        Assert.Equal(
            "The worker ended while it was loading the deployment. It was ended by signal 7. Its last output on standard error:\nBus error",
            failure.Message);
        await host.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Single(host.Runner.Processes);
    }

    [Fact]
    public async Task Run_NoProcessCanBeStarted_FailsTheLoadWithTheCause()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool());

        await host.DoAsync(() => host.ProcessOf(pool).FailToStart("dotnet is gone."));

        var failure = await Assert.ThrowsAsync<DeploymentException>(() => pool.FirstReady.Task);
        Assert.EndsWith("It could not be run: dotnet is gone.", failure.Message, StringComparison.Ordinal);
        Assert.Null(failure.ExitCode);
    }

    [Fact]
    public async Task Event_CannotBeHandled_IsLoggedAndTheNextOneIs()
    {
        var host = await SupervisorUnderTest.StartAsync();
        host.Runner.NeedsOwn = static _ => throw new InvalidOperationException("no idea");
        var pool = await host.AddAsync(host.NewPool());
        Assert.Empty(host.Runner.Processes);
        Assert.Contains("Error: The supervisor met an unexpected failure", host.Messages);

        host.Runner.NeedsOwn = static _ => true;
        await host.AdvanceAsync(SupervisorUnderTest.Tick);
        await host.BecomeReadyAsync(pool);

        host.Log.Messages.Clear(); // Else the end of the test would complain of what it wanted.
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Log_RecordOfAProjectsWorker_GoesToItsLogAndOthersGiveTheirRoomBack()
    {
        await using var host = await SupervisorUnderTest.StartAsync(static options => options.StandbyWorkers = 1);
        var window = new CountingWindow();
        var standby = host.ProcessOf(null);
        standby.Log(Record("nobody's"), window, 10);
        var pool = await host.AddAsync(host.NewPool());
        Assert.Same(pool, standby.Worker.Pool);

        standby.Log(Record("the shop's"), window, 5);
        standby.WriteError("first");
        standby.Log(Record("an error", isError: true), window, 2);

        Assert.Equal(["shop: the shop's", "shop: an error"], host.Output.Written);
        Assert.Equal(17, window.Released);
        Assert.Equal("first\nan error\n", standby.Worker.StandardError!.Tail);
    }

    [Fact]
    public async Task SetLogLevel_WorkersOfNowAndLater_SendFromThatLevelOn()
    {
        await using var host = await SupervisorUnderTest.StartAsync();
        var pool = await host.AddAsync(host.NewPool(size: 2));
        var (early, late) = (host.ProcessesOf(pool)[0], host.ProcessesOf(pool)[1]);
        await host.DoAsync(early.Connect);

        await host.DoAsync(() => host.Supervisor.SetLogLevel(Microsoft.Extensions.Logging.LogLevel.Debug));
        await host.DoAsync(late.Connect);

        Assert.Equal(["load shop 1", "level Debug"], early.Link.Commands);
        Assert.Equal(["level Debug", "load shop 1"], late.Link.Commands);
    }

    private static LogMessage Record(string message, bool isError = false) =>
        new(0, 2, 0, "Shop", message, null, null, 0, null, [], 0) { IsErrorOutput = isError };
}
