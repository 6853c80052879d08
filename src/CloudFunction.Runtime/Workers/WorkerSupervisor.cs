using System.Collections.Concurrent;
using System.Threading.Channels;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers;

/// <summary>
/// Owns all worker processes. Everything that happens to one is posted to a single loop, which alone changes states: what was decided can be read
/// from top to bottom, and no two decisions meet. Calls never pass through it. How many workers there are is <see cref="WorkerBalance"/>'s to say, and
/// how one ends <see cref="WorkerLifecycle"/>'s.
/// </summary>
internal sealed class WorkerSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromMilliseconds(100);

    // Not bounded by a number, but by what there is to happen: a few events for each worker.
    private readonly Channel<Action> _mailbox = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ConcurrentDictionary<string, WorkerHandle> _workers = new(StringComparer.Ordinal);
    private readonly HashSet<WorkerPool> _pools = [];
    private readonly SupervisorSettings _settings;
    private readonly IWorkerRunner _runner;
    private readonly WorkerListener _listener;
    private readonly WorkerLedger _ledger;
    private readonly WorkerLifecycle _lifecycle;
    private readonly WorkerBalance _balance;
    private readonly DeadlineSweep _sweep;
    private readonly IWorkerOutputSink _output;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConfigureMessage _configure;
    private Task? _loop;
    private int _disposals;
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ITimer? _ticks;
    private bool _stops;
    private LogLevel _logLevel;
    private int _lastId;
    private long _lastPing;

    public WorkerSupervisor(
        SupervisorSettings settings, IWorkerRunner runner, string socketPath, WorkerLedger ledger, DeadlineSweep sweep,
        IWorkerOutputSink output, TimeProvider time, ILogger<WorkerSupervisor> logger)
    {
        _settings = settings;
        _ledger = ledger;
        _sweep = sweep;
        _output = output;
        _time = time;
        _logger = logger;
        _lifecycle = new WorkerLifecycle(settings, time, logger);
        _runner = runner;
        _balance = new WorkerBalance(settings, _workers, _pools, _lifecycle, runner, Launch, time, logger);
        _listener = new WorkerListener(socketPath, OnHello, settings.CancelGrace, time, logger);
        _logLevel = settings.MinLogLevel;
        var options = settings.Options;
        _configure = new ConfigureMessage(
            ProtocolVersion.Current, options.MaxRequestBytes, options.MaxResponseBytes, options.MaxConcurrent, (int)settings.MinLogLevel);
    }

    /// <summary>Clears away what an earlier host left, listens, and starts the standby workers.</summary>
    public void Start()
    {
        if (_ledger.Sweep() is { Count: > 0 } killed)
        {
            WorkerLog.OrphansEnded(_logger, killed.Count);
        }

        _listener.Start();
        _loop = RunAsync();
        _ticks = _time.CreateTimer(_ => Post(Tick), null, TickInterval, TickInterval);
        Post(_balance.Apply);
    }

    /// <summary>All workers at this moment.</summary>
    public IEnumerable<WorkerHandle> Workers => _workers.Values;

    /// <summary>Starts the workers of a pool and keeps them.</summary>
    public void Add(WorkerPool pool) => Post(() =>
    {
        _pools.Add(pool);
        _balance.Apply();
    });

    /// <summary>From now on these pools are the ones that serve their project's calls.</summary>
    public void Serve(ServingPools serving) => Post(() =>
    {
        // Those before them have no say any more: losing its last worker, one would hold the gate before the new ones'.
        foreach (var other in _pools)
        {
            if (ReferenceEquals(other.Serving?.Gate, serving.Gate))
            {
                other.Serving = null;
            }
        }

        serving.Touch(_time.GetTimestamp());
        foreach (var pool in serving.Pools)
        {
            pool.Serving = serving;
        }

        serving.Refresh();
        if (serving.Gate.Waiting > 0 || serving.Pools.Any(static pool => pool.Wanted))
        {
            _balance.Wake(serving); // Who waits has said so when there was nothing to wake; and beside one that is awake none may sleep.
        }
    });

    /// <summary>A call waits for pools that may be asleep.</summary>
    public void Wake(ServingPools serving) => Post(() => _balance.Wake(serving));

    /// <summary>Puts pools to sleep that nobody has called yet.</summary>
    public void Sleep(ServingPools serving) => Post(() =>
    {
        if (!serving.SeeWhetherBusy(_time.GetTimestamp()))
        {
            _balance.PutToSleep(serving);
        }
    });

    /// <summary>Gives the calls of a retired pool no more than a time from now, if they were promised more.</summary>
    public void ShortenDrain(WorkerPool pool, TimeSpan grace) => Post(() =>
    {
        foreach (var worker in pool.Members)
        {
            _lifecycle.ShortenDrain(worker, grace);
        }
    });

    /// <summary>From now on workers are started with this environment. Those that run keep theirs.</summary>
    public void SetBaseEnvironment(IReadOnlyDictionary<string, string> environment)
    {
        _runner.SetBaseEnvironment(environment);
        Post(_balance.RenewStandby);
    }

    /// <summary>Takes a pool out of service: its calls may finish within the grace, its workers end.</summary>
    /// <param name="pool">Which.</param>
    /// <param name="grace">How long calls may go on.</param>
    /// <param name="reason">For the log.</param>
    /// <param name="rejection">What further calls are told, where no other pool takes them; else null.</param>
    /// <returns>Ends when the last one is gone.</returns>
    public Task RetireAsync(WorkerPool pool, TimeSpan grace, string reason, Rejection? rejection = null)
    {
        Post(() =>
        {
            if (rejection is not null && pool.Serving is { } serving)
            {
                serving.Gate.Close(rejection); // Again, where a worker's event opened or held it since the project closed it.
            }

            pool.Serving = null;
            pool.Wanted = false;
            pool.Retired = true;
            pool.FirstReady.TrySetCanceled();
            foreach (var worker in pool.Members.ToArray())
            {
                _lifecycle.BeginDrain(worker, grace, reason);
            }

            SeeWhetherGone(pool);
        });
        return pool.Gone.Task;
    }

    /// <summary>Has all workers, and those to come, send log records from that level on and none below.</summary>
    public void SetLogLevel(LogLevel level) => Post(() =>
    {
        _logLevel = level;
        foreach (var worker in _workers.Values)
        {
            worker.Link?.SetLogLevel(level);
        }
    });

    /// <summary>Ends every call that is still awaited, in all workers.</summary>
    public void CutCalls()
    {
        foreach (var worker in _workers.Values)
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

        if (_loop is null)
        {
            await _listener.DisposeAsync().ConfigureAwait(false); // Never started.
            return;
        }

        Post(() =>
        {
            _stops = true;
            _balance.Close();
            foreach (var pool in _pools)
            {
                pool.Wanted = false;
                pool.Serving = null; // Closed for good by now: a worker that goes must not open or hold it again.
            }

            foreach (var worker in _workers.Values)
            {
                _lifecycle.BeginDrain(worker, TimeSpan.Zero, "the host stops");
            }

            EndIfGone();
        });
        await _gone.Task.WaitAsync(_settings.ExitTimeout + TimeSpan.FromSeconds(3), _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var worker in _workers.Values)
        {
            worker.Kill();
        }

        await _ticks!.DisposeAsync().ConfigureAwait(false);
        _mailbox.Writer.TryComplete();
        await _loop.ConfigureAwait(false);
        await _listener.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Has the loop do something.</summary>
    public void Post(Action action) => _mailbox.Writer.TryWrite(action);

    /// <summary>In the loop: a worker has loaded its deployment.</summary>
    public void OnReady(WorkerHandle worker, ReadyMessage ready)
    {
        if (worker.State != WorkerState.Loading || worker.Pool is not { } pool)
        {
            return;
        }

        var loading = _time.GetElapsedTime(worker.StateSince);
        _lifecycle.Move(worker, WorkerState.Ready);
        WorkerLog.Ready(
            _logger, worker.Id, worker.Pid, pool.Deployment.Project, pool.Deployment.Version,
            (long)loading.TotalMilliseconds);
        pool.FirstReady.TrySetResult(ready);
        pool.Refresh();
        _balance.Apply();
    }

    /// <summary>In the loop: a worker cannot load its deployment.</summary>
    public static void OnLoadFailed(WorkerHandle worker, LoadFailedMessage failed)
    {
        if (worker.State != WorkerState.Loading)
        {
            return;
        }

        worker.EndReason = $"The deployment does not load: {failed.Message}";
        FailLoad(worker, new DeploymentException(failed.Dependency ? DeploymentErrorCode.DependencyError : DeploymentErrorCode.Invalid, failed.Message)
        {
            Exception = failed.Exception,
            StandardError = worker.StandardError?.Tail,
        });
        worker.Kill();
    }

    /// <summary>In the loop: a function of it ignores its token.</summary>
    public void OnStuck(WorkerHandle worker)
    {
        worker.Stuck = true;
        if (worker.State == WorkerState.Ready)
        {
            _lifecycle.BeginDrain(worker, _settings.Options.GracefulShutdownTimeout, "a function goes on though its token has fired");
            WorkerLog.Replacing(_logger, worker.Id, worker.Pid, worker.Pool?.Deployment.Project, worker.EndReason!);
            _balance.Apply();
        }
    }

    /// <summary>In the loop: a worker's connection has ended. Without it the process is of no use.</summary>
    public void OnConnectionEnded(WorkerHandle worker, ConnectionEnd end)
    {
        if (worker.Connection is { } connection)
        {
            _sweep.Remove(connection);
        }

        if (worker.DrainSent)
        {
            return; // It is about to exit; if it does not, the drain's deadline sees to it.
        }

        if (end.Reason == ConnectionEndReason.ProtocolError)
        {
            worker.EndReason ??= $"It broke the protocol: {end.Message}";
        }

        // Out of the pool at once, so that no further call is tried on it while the process is still ending.
        if (worker.State is not (WorkerState.Draining or WorkerState.Stopped or WorkerState.Crashed))
        {
            _lifecycle.Move(worker, WorkerState.Crashed);
            worker.Pool?.Refresh();
        }

        worker.Kill();
    }

    /// <summary>On a reader: a worker's log record.</summary>
    public void OnLog(WorkerHandle worker, LogMessage record, ILogWindow window, int bytes)
    {
        if (record.IsErrorOutput)
        {
            worker.StandardError?.Remember(record.Message);
        }

        if (worker.Pool is { } pool)
        {
            _output.Write(pool.Deployment.Project, record, window, bytes);
        }
        else
        {
            window.Release(bytes); // A standby worker has nothing to say to anyone.
        }
    }

    // On a reader: a connection shows who it is.
    private void OnHello(WorkerConnection connection, HelloMessage hello)
    {
        if (!_workers.TryGetValue(hello.WorkerId, out var worker) || !worker.Endpoint.Matches(hello) || !worker.TryConnect(connection))
        {
            throw new ProtocolException("It showed no secret of a worker that is expected.");
        }

        _sweep.Add(connection);
        connection.Accept(worker, _configure);
        worker.ReportConnected();
    }

    /// <summary>In the loop: a worker is connected.</summary>
    public void OnConnected(WorkerHandle worker)
    {
        if (worker.State != WorkerState.Starting)
        {
            return;
        }

        _lifecycle.Move(worker, WorkerState.Standby);
        if (_logLevel != _settings.MinLogLevel)
        {
            worker.Link!.SetLogLevel(_logLevel); // It was configured on its reader, with the level that the supervisor began with.
        }

        if (worker.Pool is { } pool)
        {
            _balance.Load(worker, pool);
        }
    }

    private void OnExited(WorkerHandle worker, int? exitCode, string? error)
    {
        if (!_workers.TryRemove(worker.Id, out _))
        {
            return;
        }

        _ledger.Remove(worker.Pid);
        worker.Link?.Dispose();
        var expected = worker.State == WorkerState.Draining;
        var loading = worker.State is WorkerState.Starting or WorkerState.Standby or WorkerState.Loading || !(worker.Pool?.FirstReady.Task.IsCompleted ?? true);
        if (worker.State != WorkerState.Crashed)
        {
            _lifecycle.Move(worker, expected ? WorkerState.Stopped : WorkerState.Crashed);
        }

        var reason = worker.EndReason ?? DescribeExit(exitCode, error, worker.StandardError?.Tail);
        WorkerLog.Ended(_logger, worker, expected, exitCode, reason);
        if (worker.Pool is { } pool)
        {
            pool.Members.Remove(worker);
            if (!expected && !pool.Retired)
            {
                if (loading && !pool.FirstReady.Task.IsCompleted)
                {
                    FailLoad(worker, new DeploymentException(DeploymentErrorCode.Invalid, $"The worker ended while it was loading the deployment. {reason}")
                    {
                        ExitCode = exitCode,
                        StandardError = worker.StandardError?.Tail,
                    });
                }
                else
                {
                    RecordLoss(pool, reason);
                }
            }

            pool.Refresh();
            SeeWhetherGone(pool);
        }
        else if (!expected)
        {
            _balance.DelayStandby();
        }

        _balance.Apply();
        EndIfGone();
    }

    private void EndIfGone()
    {
        if (_stops && _workers.IsEmpty)
        {
            _gone.TrySetResult();
        }
    }

    private static void FailLoad(WorkerHandle worker, DeploymentException error)
    {
        // Not tried again in a loop: what does not load now will not load next time.
        if (worker.Pool is { } pool && pool.FirstReady.TrySetException(error))
        {
            pool.Wanted = false;
            pool.LastError = error.Message;
        }
    }

    private void RecordLoss(WorkerPool pool, string reason)
    {
        pool.LastError = reason;
        if (pool.Crashes.Record() is { } delay)
        {
            pool.NotBefore = _lifecycle.After(delay);
            return;
        }

        pool.Wanted = false;
        var seconds = (int)CrashHistory.Window.TotalSeconds;
        pool.Unhealthy = Rejection.Unhealthy(
            $"The workers of this project were lost {CrashHistory.MaxCrashes} times within {seconds} s; "
            + $"deploy it anew or restart it. Last: {reason}");
        WorkerLog.Unhealthy(_logger, pool.Deployment.Project, CrashHistory.MaxCrashes, seconds, pool.Unhealthy.Id!, reason);
    }

    private void SeeWhetherGone(WorkerPool pool)
    {
        if (pool.Retired && pool.Members.Count == 0)
        {
            _pools.Remove(pool);
            pool.Gone.TrySetResult();
        }
    }

    private WorkerHandle Launch(WorkerPool? pool)
    {
        var worker = new WorkerHandle(this, WorkerEndpoint.Create(_listener.Path, $"w{++_lastId}"), pool, _time.GetUtcNow())
        {
            StateSince = _time.GetTimestamp(),
            OwnProcess = pool is not null && _runner.NeedsOwnWorker(pool),
        };
        _workers[worker.Id] = worker;
        _ = Task.Run(() => StartProcessAsync(worker)); // Starting a process takes milliseconds; it ends in a post.
        return worker;
    }

    private async Task StartProcessAsync(WorkerHandle worker)
    {
        int? exitCode = null;
        string? error = null;
        try
        {
            exitCode = await _runner.RunAsync(worker).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // No process could be started, or none could be watched: the worker is lost, and the reason is kept.
            error = e.Message;
        }

        Post(() => OnExited(worker, exitCode, error));
    }

    private void Tick()
    {
        var now = _time.GetTimestamp();
        var options = _settings.Options;
        var ping = _time.GetElapsedTime(_lastPing, now) >= Shorter(options.WorkerPingTimeout / 4, TimeSpan.FromSeconds(2));
        if (ping)
        {
            _lastPing = now;
        }

        foreach (var worker in _workers.Values)
        {
            if (worker.State is WorkerState.Starting or WorkerState.Loading && !options.WaitForDebugger
                && _time.GetElapsedTime(worker.StateSince, now) > options.NotifyTimeout)
            {
                worker.EndReason = worker.State == WorkerState.Starting
                    ? "It did not connect in time (TIMEOUT_NOTIFY)."
                    : "It did not load the deployment in time (TIMEOUT_NOTIFY).";
                FailLoad(worker, new DeploymentException(DeploymentErrorCode.Invalid, worker.EndReason) { StandardError = worker.StandardError?.Tail });
                worker.Kill();
            }
            else if (worker.State == WorkerState.Draining)
            {
                _lifecycle.ContinueDrain(worker);
            }

            if (worker.Link is { } link && !worker.DrainSent)
            {
                if (link.SinceLastPong > options.WorkerPingTimeout && !worker.Debugged && !options.WaitForDebugger)
                {
                    worker.EndReason = $"It answered no ping for {options.WorkerPingTimeout.TotalSeconds:0.#} s (WORKER_PING_TIMEOUT).";
                    worker.Kill();
                }
                else if (ping)
                {
                    link.Ping();
                }
            }
        }

        foreach (var serving in _pools.Select(static pool => pool.Serving).OfType<ServingPools>().Distinct())
        {
            _balance.PutToSleepIfIdle(serving, now);
        }

        _balance.Apply();
    }

    private async Task RunAsync()
    {
        await foreach (var action in _mailbox.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                // The edge of the loop: one event that goes wrong must not leave all workers without their supervisor.
                WorkerLog.SupervisorFailed(_logger, e);
            }
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private static string DescribeExit(int? exitCode, string? error, string? tail)
    {
        if (error is not null)
        {
            return $"It could not be run: {error}";
        }

        // .NET reports a death by signal N as 128 + N.
        var how = exitCode is > 128 and < 160 ? $"It was ended by signal {exitCode - 128}." : $"It exited with code {exitCode}.";
        return string.IsNullOrWhiteSpace(tail) ? how : $"{how} Its last output on standard error:\n{tail.TrimEnd()}";
    }
}
