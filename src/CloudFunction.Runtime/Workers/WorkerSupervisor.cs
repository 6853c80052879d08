using System.Threading.Channels;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Workers.Processes;
using CloudFunction.Runtime.Workers.Supervision;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers;

/// <summary>
/// Owns all worker processes. What happens to them and what is asked for them goes into one mailbox, which <see cref="SupervisorLoop"/> reads. Calls
/// never pass through it: they read the pools. Thread safe.
/// </summary>
internal sealed class WorkerSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    // Beyond the time that a drained worker has to exit: for those that are killed then, and the rest of their output.
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(3);

    // Not bounded by a number, but by what there is to happen: a few events for each worker.
    private readonly Channel<SupervisorEvent> _mailbox =
        Channel.CreateUnbounded<SupervisorEvent>(new UnboundedChannelOptions { SingleReader = true });

    private readonly WorkerRoster _roster = new();
    private readonly SupervisorSettings _settings;
    private readonly IWorkerRunner _runner;
    private readonly WorkerListener _listener;
    private readonly WorkerLedger _ledger;
    private readonly SupervisorLoop _loop;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private Task? _running;
    private ITimer? _ticks;
    private int _disposals;

    public WorkerSupervisor(
        SupervisorSettings settings, IWorkerRunner runner, string socketPath, WorkerLedger ledger, DeadlineSweep sweep,
        IWorkerOutputSink output, TimeProvider time, ILogger<WorkerSupervisor> logger)
    {
        _settings = settings;
        _runner = runner;
        _ledger = ledger;
        _time = time;
        _logger = logger;
        var options = settings.Options;
        var configure = new ConfigureMessage(
            ProtocolVersion.Current, options.MaxRequestBytes, options.MaxResponseBytes, options.MaxConcurrent, (int)settings.MinLogLevel);
        var admission = new WorkerAdmission(_roster, sweep, configure);
        _listener = new WorkerListener(socketPath, admission.Admit, settings.CancelGrace, time, logger);
        var launcher = new WorkerLauncher(runner, _roster, socketPath, _mailbox.Writer, output, time);
        _loop = new SupervisorLoop(settings, _roster, launcher, runner, ledger, sweep, time, logger);
    }

    /// <summary>All workers at this moment.</summary>
    public IEnumerable<WorkerHandle> Workers => _roster.Workers;

    /// <summary>Clears away what an earlier host left, listens, and starts the standby workers.</summary>
    public void Start()
    {
        if (_ledger.Sweep() is { Count: > 0 } killed)
        {
            SupervisorLog.OrphansEnded(_logger, killed.Count);
        }

        _listener.Start();
        _running = _loop.RunAsync(_mailbox.Reader);
        _ticks = _time.CreateTimer(static state => ((WorkerSupervisor)state!).Post(new SupervisorEvent.Ticked()), this, TickInterval, TickInterval);
        Post(new SupervisorEvent.Started());
    }

    /// <summary>Starts the workers of a pool and keeps them.</summary>
    public void Add(WorkerPool pool) => Post(new SupervisorEvent.PoolAdded(pool));

    /// <summary>From now on these pools are the ones that serve their project's calls.</summary>
    public void Serve(ServingPools serving) => Post(new SupervisorEvent.PoolsServe(serving));

    /// <summary>A call waits for pools that may be asleep.</summary>
    public void Wake(ServingPools serving) => Post(new SupervisorEvent.WakeAsked(serving));

    /// <summary>Puts pools to sleep that nobody has called yet.</summary>
    public void Sleep(ServingPools serving) => Post(new SupervisorEvent.SleepAsked(serving));

    /// <summary>Gives the calls of a retired pool no more than a time from now, if they were promised more.</summary>
    public void ShortenDrain(WorkerPool pool, TimeSpan grace) => Post(new SupervisorEvent.DrainShortened(pool, grace));

    /// <summary>From now on workers are started with this environment. Those that run keep theirs.</summary>
    public void SetBaseEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        _runner.SetBaseEnvironment(environment);
        Post(new SupervisorEvent.StandbyOutdated());
    }

    /// <summary>Takes a pool out of service: its calls may finish within the grace, its workers end.</summary>
    /// <param name="pool">One that was added.</param>
    /// <param name="grace">How long calls may go on.</param>
    /// <param name="reason">For the log.</param>
    /// <param name="rejection">What further calls are answered, where no other pool takes them; else null.</param>
    /// <returns>Ends when the last one is gone.</returns>
    public Task RetireAsync(WorkerPool pool, TimeSpan grace, string reason, Rejection? rejection = null)
    {
        Post(new SupervisorEvent.PoolRetired(pool, grace, reason, rejection));
        return pool.Gone.Task;
    }

    /// <summary>Has all workers, and those to come, send log records from that level on and none below.</summary>
    public void SetLogLevel(LogLevel level) => Post(new SupervisorEvent.LogLevelSet(level));

    /// <summary>Ends every call that is still awaited, in all workers.</summary>
    public void CutCalls()
    {
        foreach (var worker in _roster.Workers)
        {
            worker.Link?.CutCalls();
        }
    }

    /// <summary>Ends all workers, with what is left of their calls.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposals, 1) != 0)
        {
            return;
        }

        if (_running is not null)
        {
            await EndWorkersAsync().ConfigureAwait(false);
            await _ticks!.DisposeAsync().ConfigureAwait(false);
            _mailbox.Writer.TryComplete();
            await _running.ConfigureAwait(false);
        }

        await _listener.DisposeAsync().ConfigureAwait(false);
    }

    private async Task EndWorkersAsync()
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(new SupervisorEvent.StopAsked(ended));
        await ended.Task.WaitAsync(_settings.ExitTimeout + KillTime, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var worker in _roster.Workers)
        {
            worker.Kill();
        }
    }

    private void Post(SupervisorEvent happened) => _mailbox.Writer.TryWrite(happened);
}
