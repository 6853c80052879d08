using System.Diagnostics;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>A supervisor in fake time with fake processes. What a test does with them is over, with all that follows, once
/// <see cref="SettleAsync"/> has ended.</summary>
internal sealed class SupervisorUnderTest : IAsyncDisposable
{
    /// <summary>How often the supervisor checks what is due.</summary>
    public static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly TemporaryDirectory _folder = new();
    private readonly SocketDirectory _sockets;
    private readonly DeadlineSweep _sweep;
    private Task _stopped = new TaskCompletionSource().Task;

    public SupervisorUnderTest(Action<CloudFunctionOptions>? configure = null)
    {
        Options = new CloudFunctionOptions { StandbyWorkers = 0 };
        configure?.Invoke(Options);
        _sockets = SocketDirectories.Create(_folder.Combine("run", "socket-directory"));
        _sweep = new DeadlineSweep(Time);
        Supervisor = new WorkerSupervisor(
            Settings, Runner, _sockets.SocketPath, new WorkerLedger(_folder.Combine("run", "workers")), _sweep, Output, Time, Log);
    }

    public CloudFunctionOptions Options { get; }

    public SupervisorSettings Settings => new(Options, LogLevel.Information);

    public FakeTimeProvider Time { get; } = new();

    public FakeRunner Runner { get; } = new();

    public RecordingSink Output { get; } = new();

    public RecordingLogger<WorkerSupervisor> Log { get; } = new();

    public WorkerSupervisor Supervisor { get; }

    /// <summary>What was logged, once the supervisor has settled.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (Log.Messages)
            {
                return [.. Log.Messages];
            }
        }
    }

    public static async Task<SupervisorUnderTest> StartAsync(Action<CloudFunctionOptions>? configure = null)
    {
        var supervisor = new SupervisorUnderTest(configure);
        supervisor.Supervisor.Start();
        await supervisor.SettleAsync();
        return supervisor;
    }

    public WorkerPool NewPool(string project = "shop", int size = 1, int version = 1, bool describe = false)
    {
        var contents = new DeploymentContents("Shop.dll", "net10.0", [], false, null, null, null);
        var manifest = new DeploymentManifest(version, DateTimeOffset.UnixEpoch, "", contents, null);
        var deployment = new Deployment(project, version, $"/{project}", manifest);
        return new WorkerPool(deployment, new Dictionary<string, string> { ["SHOP"] = "open" }, "/data", size, describe, Time);
    }

    /// <summary>Pools with a gate that wakes them, as a project has them.</summary>
    public ServingPools NewServing(params WorkerPool[] pools)
    {
        ServingPools? serving = null;
        serving = new ServingPools(NewGate(() => Supervisor.Wake(serving!)), pools);
        return serving;
    }

    /// <summary>A gate that is held.</summary>
    public ConcurrencyGate NewGate(Action onHeldWait)
    {
        var gate = new ConcurrencyGate(1000, "MAX_CONCURRENT", new QueueBudget(1000), _sweep, onHeldWait);
        gate.Hold();
        return gate;
    }

    public async Task<WorkerPool> AddAsync(WorkerPool pool)
    {
        Supervisor.Add(pool);
        await SettleAsync();
        return pool;
    }

    /// <summary>Adds a pool and has all its workers become ready.</summary>
    public async Task<WorkerPool> AddReadyAsync(WorkerPool pool)
    {
        await AddAsync(pool);
        await BecomeReadyAsync(pool);
        return pool;
    }

    public async Task BecomeReadyAsync(WorkerPool pool)
    {
        foreach (var process in ProcessesOf(pool))
        {
            await DoAsync(process.Connect);
            await DoAsync(process.BecomeReady);
        }

        Assert.Equal(pool.Size, pool.Ready.Length);
    }

    /// <summary>Adds a pool, has it become ready and serve alone.</summary>
    public async Task<ServingPools> ServeAsync(WorkerPool pool)
    {
        await AddReadyAsync(pool);
        var serving = NewServing(pool);
        await DoAsync(() => Supervisor.Serve(serving));
        return serving;
    }

    /// <summary>The processes of a pool that run.</summary>
    public IReadOnlyList<FakeProcess> ProcessesOf(WorkerPool? pool) => [.. Runner.Running.Where(process => process.Worker.Pool == pool)];

    public FakeProcess ProcessOf(WorkerPool? pool) => Assert.Single(ProcessesOf(pool));

    public async Task DoAsync(Action action)
    {
        action();
        await SettleAsync();
    }

    /// <summary>One worker in a state; one that drains has a call.</summary>
    public async Task<FakeProcess> TakeToAsync(WorkerState state)
    {
        var pool = state == WorkerState.Standby ? null : await AddAsync(NewPool());
        var process = ProcessOf(pool);
        if (state > WorkerState.Starting)
        {
            await DoAsync(process.Connect);
        }

        if (state > WorkerState.Loading)
        {
            await DoAsync(process.BecomeReady);
        }

        if (state == WorkerState.Draining)
        {
            process.Link.InFlight = 1;
            await DoAsync(() => Supervisor.RetireAsync(pool!, TimeSpan.FromMinutes(1), "newer workers took its place"));
        }

        if (state == WorkerState.Crashed)
        {
            process.Lingers = true;
            await DoAsync(() => process.EndConnection());
        }

        Assert.Equal(state, process.Worker.State);
        return process;
    }

    /// <summary>A worker's connection breaks, and then its process has ended.</summary>
    public async Task CrashAsync(FakeProcess process, int exitCode = 7)
    {
        process.Lingers = true; // The kill that answers the connection's end must not come before its own exit.
        await DoAsync(() => process.EndConnection());
        await DoAsync(() => process.Exit(exitCode));
    }

    /// <summary>Lets time pass, tick by tick.</summary>
    public async Task AdvanceAsync(TimeSpan span)
    {
        for (var left = span; left > TimeSpan.Zero; left -= Tick)
        {
            await JumpAsync(left < Tick ? left : Tick);
        }
    }

    /// <summary>Lets time pass at once: all ticks of it see how late it is then.</summary>
    public async Task JumpAsync(TimeSpan span) => await DoAsync(() => Time.Advance(span));

    /// <summary>Waits until all that has happened is dealt with: no event waits, and each worker has its process.</summary>
    public async Task SettleAsync()
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            await PassAsync();
            await PassAsync(); // An event that kills a worker has that worker's exit follow.
            if (_stopped.IsCompleted || Supervisor.Workers.All(worker => Runner.Find(worker) is { HasEnded: false }))
            {
                return;
            }

            Assert.True(Stopwatch.GetElapsedTime(began) < Patience.Bound, $"Processes do not start, or their ends go unnoticed: {this}");
            await Task.Yield();
        }
    }

    // All events that were posted before have been handled: this one is the last of them.
    private async Task PassAsync() =>
        await Task.WhenAny(Supervisor.RetireAsync(NewPool("barrier"), TimeSpan.Zero, "it is none"), _stopped).Soon("the supervisor's loop");

    /// <summary>Begins to stop the supervisor.</summary>
    /// <returns>Ends when it has stopped, as far as its workers end or time passes.</returns>
    public async Task<Task> StopAsync()
    {
        _stopped = Supervisor.DisposeAsync().AsTask();
        await SettleAsync();
        return _stopped;
    }

    public async ValueTask DisposeAsync()
    {
        var stopped = Supervisor.DisposeAsync().AsTask();
        while (!stopped.IsCompleted)
        {
            foreach (var process in Runner.Running)
            {
                process.Exit(0);
            }

            await Task.Yield();
        }

        await stopped;
        _sweep.Dispose();
        _sockets.Dispose();
        _folder.Dispose();
        Assert.DoesNotContain(Messages, static message => message.Contains("unexpected failure", StringComparison.Ordinal));
    }

    public override string ToString() =>
        $"{string.Join("; ", Supervisor.Workers.Select(worker => $"{worker.Id} {worker.State}"))}. Processes: {string.Join("; ", Runner.Processes)}";
}
