using System.Diagnostics;
using System.Threading.Channels;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers.Processes;
using Microsoft.Extensions.Logging;
using static CloudFunction.Runtime.Workers.Supervision.SupervisorEvent;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Handles what happens to workers, one event after the other: it alone changes their states, so that what was decided can be read from top
/// to bottom, and no two decisions meet.</summary>
internal sealed class SupervisorLoop
{
    private readonly SupervisorSettings _settings;
    private readonly WorkerRoster _roster;
    private readonly WorkerLedger _ledger;
    private readonly DeadlineSweep _sweep;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly WorkerLifecycle _lifecycle;
    private readonly WorkerDrain _drain;
    private readonly WorkerLoader _loader;
    private readonly WorkerLosses _losses;
    private readonly WorkerWatch _watch;
    private readonly SupervisedPools _pools;
    private readonly IdlePools _idle;
    private readonly StandbyWorkers _standby;
    private readonly WorkerBalance _balance;
    private readonly WorkerLogLevel _logLevel;
    private TaskCompletionSource? _ended;

    public SupervisorLoop(
        SupervisorSettings settings, WorkerRoster roster, WorkerLauncher launcher, IWorkerRunner runner, WorkerLedger ledger, DeadlineSweep sweep,
        TimeProvider time, ILogger logger)
    {
        _settings = settings;
        _roster = roster;
        _ledger = ledger;
        _sweep = sweep;
        _time = time;
        _logger = logger;
        _logLevel = new WorkerLogLevel(roster);
        _lifecycle = new WorkerLifecycle(time, logger);
        _drain = new WorkerDrain(settings, _lifecycle, time);
        _loader = new WorkerLoader(settings.Options, _lifecycle, time, logger);
        _losses = new WorkerLosses(time, logger);
        _watch = new WorkerWatch(settings.Options, time);
        _pools = new SupervisedPools(_drain, time);
        _idle = new IdlePools(settings.Options, _drain, time, logger);
        _standby = new StandbyWorkers(settings.Options, roster, runner, launcher, _drain, time);
        _balance = new WorkerBalance(_pools, _standby, launcher, _loader, time);
    }

    /// <summary>Handles events until there will be no more.</summary>
    public async Task RunAsync(ChannelReader<SupervisorEvent> mailbox)
    {
        await foreach (var happened in mailbox.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                Handle(happened);
            }
            catch (Exception e)
            {
                // The edge of the loop: one event that goes wrong must not leave all workers without their supervisor.
                SupervisorLog.SupervisorFailed(_logger, e);
            }
        }
    }

    private void Handle(SupervisorEvent happened)
    {
        switch (happened)
        {
            case Started: _balance.Apply(); break;
            case Ticked: OnTicked(); break;
            case Connected e: OnConnected(e.Worker); break;
            case Loaded e: OnLoaded(e.Worker, e.Ready); break;
            case LoadFailed e: WorkerLoader.Fail(e.Worker, e.Failure); break;
            case Stuck e: OnStuck(e.Worker); break;
            case ConnectionEnded e: OnConnectionEnded(e.Worker, e.End); break;
            case Exited e: OnExited(e.Worker, e.Exit); break;
            case PoolAdded e: OnPoolAdded(e.Pool); break;
            case PoolsServe e: OnPoolsServe(e.Serving); break;
            case PoolRetired e: _pools.Retire(e.Pool, e.Grace, e.Reason, e.Rejection); break;
            case DrainShortened e: _pools.ShortenDrain(e.Pool, e.Grace); break;
            case WakeAsked e: OnWakeAsked(e.Serving); break;
            case SleepAsked e: _idle.SleepUnlessBusy(e.Serving); break;
            case StandbyOutdated: OnStandbyOutdated(); break;
            case LogLevelSet e: _logLevel.Set(e.Level); break;
            case StopAsked e: OnStopAsked(e.Ended); break;
            default: throw new UnreachableException($"Nothing handles {happened.GetType().Name}.");
        }
    }

    private void OnConnected(WorkerHandle worker)
    {
        if (worker.State != WorkerState.Starting)
        {
            return;
        }

        _lifecycle.Move(worker, WorkerState.Standby);
        _logLevel.Apply(worker);
        if (worker.Pool is { } pool)
        {
            _loader.Load(worker, pool);
        }
    }

    private void OnLoaded(WorkerHandle worker, ReadyMessage ready)
    {
        _loader.Complete(worker, ready);
        _balance.Apply();
    }

    private void OnStuck(WorkerHandle worker)
    {
        worker.Stuck = true;
        if (worker.State == WorkerState.Ready)
        {
            _drain.Begin(worker, _settings.Options.GracefulShutdownTimeout, "a function goes on though its token has fired");
            SupervisorLog.Replacing(_logger, worker.Id, worker.Pid, worker.Pool?.Deployment.Project, worker.EndReason!);
            _balance.Apply();
        }
    }

    // Without its connection a process is of no use.
    private void OnConnectionEnded(WorkerHandle worker, ConnectionEnd end)
    {
        if (worker.Connection is { } connection)
        {
            _sweep.Remove(connection);
        }

        if (worker.DrainSent)
        {
            return; // It is about to exit; if it does not, the drain's deadline ends it.
        }

        if (end.Reason == ConnectionEndReason.ProtocolError)
        {
            worker.EndReason ??= $"It broke the protocol: {end.Message}";
        }

        // Out of the pool at once, so that no further call is tried on it while the process is still ending.
        if (worker.State < WorkerState.Draining)
        {
            _lifecycle.Move(worker, WorkerState.Crashed);
            worker.Pool?.Refresh();
        }

        worker.Kill();
    }

    private void OnExited(WorkerHandle worker, WorkerExit exit)
    {
        if (!_roster.Remove(worker))
        {
            return;
        }

        _ledger.Remove(worker.Pid);
        worker.Link?.Dispose();
        var expected = worker.State == WorkerState.Draining;
        if (worker.State != WorkerState.Crashed)
        {
            _lifecycle.Move(worker, expected ? WorkerState.Stopped : WorkerState.Crashed);
        }

        var reason = worker.EndReason ?? exit.Describe(worker.StandardError?.Tail);
        SupervisorLog.Ended(_logger, worker, expected, exit.Code, reason);
        if (worker.Pool is { } pool)
        {
            pool.Members.Remove(worker);
            if (!expected && !pool.Retired)
            {
                _losses.Record(worker, pool, exit, reason);
            }

            pool.Refresh();
            _pools.EndIfEmpty(pool);
        }
        else if (!expected)
        {
            _standby.Delay();
        }

        _balance.Apply();
        EndIfEmpty();
    }

    private void OnPoolAdded(WorkerPool pool)
    {
        _pools.Add(pool);
        _balance.Apply();
    }

    private void OnPoolsServe(ServingPools serving)
    {
        _pools.Serve(serving);
        if (serving.Gate.Waiting > 0 || serving.Pools.Any(static pool => pool.Wanted))
        {
            OnWakeAsked(serving); // Who waits asked when there was nothing to wake; and beside one that is awake none may sleep.
        }
    }

    private void OnWakeAsked(ServingPools serving)
    {
        _idle.Wake(serving);
        _balance.Apply();
    }

    private void OnStandbyOutdated()
    {
        _standby.Renew();
        _balance.Apply();
    }

    private void OnTicked()
    {
        var now = _time.GetTimestamp();
        foreach (var worker in _roster.Workers)
        {
            if (worker.State == WorkerState.Draining)
            {
                _drain.Continue(worker);
            }
        }

        _watch.Check(_roster.Workers, now);
        _idle.SleepIfIdle(_pools.Serving, now);
        _balance.Apply();
    }

    private void OnStopAsked(TaskCompletionSource ended)
    {
        _ended = ended;
        _balance.Close();
        _pools.Close();
        foreach (var worker in _roster.Workers)
        {
            _drain.Begin(worker, TimeSpan.Zero, "the host stops");
        }

        EndIfEmpty();
    }

    private void EndIfEmpty()
    {
        if (_roster.IsEmpty)
        {
            _ended?.TrySetResult();
        }
    }
}
