using System.Collections.Concurrent;
using System.Collections.Frozen;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>One project: takes it from its folder to workers that serve it, and back. Its operations come one after the other; reading it is
/// possible at any time.</summary>
internal sealed class ProjectRuntime : IDisposable
{
    private static readonly string[] Kinds = ["unary", "streaming", "http"]; // By their number in the protocol.

    private readonly SemaphoreSlim _operations = new(1);
    private readonly ConcurrentDictionary<string, ConcurrencyGate> _functionGates = new(StringComparer.Ordinal);
    private readonly ProjectServices _services;
    private readonly QueueBudget _queue;
    private readonly ProjectRecord _record;
    private volatile LiveDeployment? _live;
    private volatile ProjectPhase _phase = ProjectPhase.Starting;
    private volatile string? _lastError;

    public ProjectRuntime(ProjectCandidate folder, ProjectServices services)
    {
        Folder = folder;
        _services = services;
        _record = services.States.GetOrAdd(folder.Name);
        var options = services.Options;
        _queue = new QueueBudget(options.MaxQueue);
        Gate = new ConcurrencyGate(options.MaxConcurrent, "MAX_CONCURRENT", _queue, services.Sweep, onHeldWait: WakeUp);
        Gate.Hold();
    }

    /// <summary>Where its source lies.</summary>
    public ProjectCandidate Folder { get; }

    public string Name => Folder.Name;

    /// <summary>Its places.</summary>
    public ConcurrencyGate Gate { get; }

    /// <summary>Whether an operator stopped it, perhaps before the host last started.</summary>
    public bool IsStopped => _record.IsStopped;

    /// <summary>What serves, or null.</summary>
    public LiveDeployment? Live => _live;

    public ProjectStatus Status => _phase switch
    {
        ProjectPhase.Stopped => ProjectStatus.Stopped,
        ProjectPhase.Failed => ProjectStatus.Failed,
        _ when _live?.Pool.Unhealthy is not null => ProjectStatus.Unhealthy,
        ProjectPhase.Starting => ProjectStatus.Starting,
        _ => ProjectStatus.Running,
    };

    /// <summary>The project as calls meet it.</summary>
    public ProjectRoute Route => new(Gate, _live?.Targets);

    /// <summary>Starts it, unless it runs and is healthy.</summary>
    /// <returns>Null, or why it does not serve.</returns>
    public Task<string?> StartAsync() => OperateAsync(
        async () =>
        {
            SetStopped(false);
            if (Status == ProjectStatus.Running)
            {
                return null;
            }

            return await DeployAsync().ConfigureAwait(false);
        });

    /// <summary>Replaces its workers with no gap, or starts it.</summary>
    /// <returns>Null, or why the new ones do not serve; then the old ones still do, if they did.</returns>
    public Task<string?> RestartAsync() => OperateAsync(
        () =>
        {
            SetStopped(false);
            return DeployAsync();
        });

    /// <summary>Stops it; calls that run may finish within TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
    public Task<string?> StopAsync() => OperateAsync(
        async () =>
        {
            SetStopped(true);
            await _services.States.FlushAsync(_services.Stopping).ConfigureAwait(false);
            MarkStopped();
            if (_live is { } live)
            {
                _live = null;
                await _services.Supervisor.RetireAsync(
                    live.Pool, _services.Options.GracefulShutdownTimeout, "its project was stopped", StoppedRejection)
                    .WaitAsync(_services.Stopping).ConfigureAwait(false);
            }

            ProjectLog.Stopped(_services.Logger, Name);
            return null;
        });

    /// <summary>Rejects calls because it is stopped.</summary>
    public void MarkStopped()
    {
        _phase = ProjectPhase.Stopped;
        Gate.Close(StoppedRejection);
    }

    /// <summary>Rejects calls because the host stops.</summary>
    public void Shutdown() => Gate.Close(new Rejection(RejectionReason.Draining, "The host is stopping."));

    /// <summary>What can be said of it now.</summary>
    public ProjectInfo Describe()
    {
        var status = Status;
        var live = _live; // After the status: what serves is there before its status says so.
        if (live is null && status == ProjectStatus.Running)
        {
            status = Status; // It has just been stopped.
        }

        var manifest = live?.Deployment.Manifest ?? _services.Deployments.FindActive(Name)?.Manifest;
        return new ProjectInfo(
            Name,
            status,
            live?.Deployment.Version,
            [.. (manifest?.Functions ?? []).Select(f => Describe(f, manifest!))],
            EnvironmentKeys(),
            manifest?.Contents.Dependencies ?? [],
            [.. _services.Supervisor.Workers.Where(w => w.Pool?.Deployment.Project == Name).OrderBy(w => w.StartedAt).Select(w => w.Describe())],
            live?.Pool.Unhealthy ?? _lastError ?? live?.Pool.LastError,
            _record.CreatedAt,
            _record.UpdatedAt);
    }

    /// <summary>Removes old versions and what copies that were cut short have left; not while one of its operations runs, which does so itself.</summary>
    public void CleanUp()
    {
        if (!_operations.Wait(0, CancellationToken.None))
        {
            return;
        }

        try
        {
            _services.Deployments.Sweep(Name);
            Trim();
        }
        finally
        {
            _operations.Release();
        }
    }

    public void Dispose() => _operations.Dispose();

    private async Task<string?> OperateAsync(Func<Task<string?>> operation)
    {
        await _operations.WaitAsync(_services.Stopping).ConfigureAwait(false);
        try
        {
            return await operation().ConfigureAwait(false);
        }
        finally
        {
            _operations.Release();
        }
    }

    private async Task<string?> DeployAsync()
    {
        var before = _live;
        var serving = before is not null && Status == ProjectStatus.Running;
        if (!serving)
        {
            _phase = ProjectPhase.Starting;
            Gate.Hold();
        }

        WorkerPool? pool = null;
        try
        {
            var deployment = await _services.Stager.StageAsync(Name, Folder.Directory, _services.Stopping).ConfigureAwait(false);
            pool = MakePool(deployment);
            _services.Supervisor.Add(pool);
            var ready = await pool.FirstReady.Task.WaitAsync(_services.Stopping).ConfigureAwait(false);
            GoLive(deployment, pool, ready);
        }
        catch (Exception e)
        {
            // Whatever the cause, what served before goes on; what is said of the project is why the new one does not.
            if (pool is not null)
            {
                _ = _services.Supervisor.RetireAsync(pool, TimeSpan.Zero, "its deployment did not load");
            }

            if (!serving)
            {
                Fail(e.Message);
            }

            if (e is OperationCanceledException)
            {
                throw;
            }

            ProjectLog.StartFailed(_services.Logger, Name, e.Message);
            return e.Message;
        }

        if (before is not null)
        {
            _ = _services.Supervisor.RetireAsync(before.Pool, before.LongestTimeout, "newer workers took its place");
        }

        Trim();
        return null;
    }

    private void Trim()
    {
        var inUse = _services.Supervisor.Workers.Select(w => w.Pool?.Deployment).OfType<Deployment>().Where(d => d.Project == Name);
        try
        {
            _services.Deployments.Trim(Name, _services.Options.KeepVersions, [.. inUse.Select(d => d.Version).Distinct()]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ProjectLog.TrimFailed(_services.Logger, Name, e); // The next deployment tries again.
        }
    }

    private Rejection StoppedRejection =>
        new(RejectionReason.ProjectStopped, $"Project '{Name}' is stopped. Start it with POST /api/v1/projects/{Name}/start.");

    private void Fail(string reason)
    {
        var rejection = new Rejection(RejectionReason.Unhealthy, $"Project '{Name}' has no deployment that loads: {reason}");
        if (_live is { } live)
        {
            _live = null;
            _ = _services.Supervisor.RetireAsync(live.Pool, TimeSpan.Zero, "its project failed to start anew", rejection);
        }

        _lastError = reason;
        _phase = ProjectPhase.Failed;
        Gate.Close(rejection);
    }

    private WorkerPool MakePool(Deployment deployment)
    {
        var options = _services.Options;
        var data = Path.Combine(options.DataDirectory, "projects", Name);
        Directory.CreateDirectory(data);
        return new WorkerPool(
            deployment, ProjectEnvironment.ReadOverlay(Folder.Directory).Values, data, options.Workers,
            describe: deployment.Manifest.Functions is null, _services.Time);
    }

    private void GoLive(Deployment deployment, WorkerPool pool, ReadyMessage ready)
    {
        if (deployment.Manifest.Functions is null)
        {
            deployment = _services.Deployments.SetFunctions(deployment, [.. ready.Functions.Select(Describe)]);
            foreach (var passedOver in ready.PassedOver)
            {
                ProjectLog.PassedOver(_services.Logger, Name, deployment.Version, passedOver);
            }
        }

        _services.Deployments.SetActive(Name, deployment.Version);
        var targets = ready.Functions.Select((f, number) => TargetOf(f, number, pool));
        _live = new LiveDeployment(deployment, pool, targets.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal));
        _lastError = null;
        _record.Touch();
        _phase = ProjectPhase.Serving;

        // First the route, then the gate: a call that the gate lets in finds the new workers.
        _services.Publish();
        _services.Supervisor.Serve(pool, Gate);
        ProjectLog.Serving(_services.Logger, Name, deployment.Version, ready.Functions.Count);
    }

    private FunctionTarget TargetOf(FunctionDescription function, int number, WorkerPool pool)
    {
        ConcurrencyGate? gate = null;
        if (function.MaxConcurrent > 0)
        {
            // Kept over versions as long as the limit is the same, so that it counts across them.
            gate = _functionGates.GetOrAdd(
                $"{function.Name}:{function.MaxConcurrent}",
                _ => new ConcurrencyGate(function.MaxConcurrent, "MaxConcurrent of the function", _queue, _services.Sweep));
        }

        return new FunctionTarget(
            number,
            function.Name,
            function.TimeoutMilliseconds > 0 ? TimeSpan.FromMilliseconds(function.TimeoutMilliseconds) : _services.Options.FunctionTimeout,
            pool,
            Gate,
            gate,
            _record.GetFunction(function.Name))
        {
            Log = _services.LogOf(Name, function.Name),
        };
    }

    private static DeployedFunction Describe(FunctionDescription f) => new(
        f.Name,
        f.Description,
        Kinds[f.Kind],
        f.TimeoutMilliseconds > 0 ? TimeSpan.FromMilliseconds(f.TimeoutMilliseconds) : null,
        f.MaxConcurrent > 0 ? f.MaxConcurrent : null,
        f.MaxAttempts > 0 ? f.MaxAttempts : null,
        f.Parameters,
        f.Response);

    private FunctionInfo Describe(DeployedFunction f, DeploymentManifest manifest)
    {
        var counters = _record.GetFunction(f.Name);
        return new FunctionInfo(
            f.Name, f.Description, f.Parameters, f.Response, counters.CreatedAt, manifest.CreatedAt, counters.LastExecuted, counters.ExecutionCount);
    }

    private IReadOnlyList<string> EnvironmentKeys()
    {
        try
        {
            return [.. ProjectEnvironment.ReadOverlay(Folder.Directory).Values.Keys];
        }
        catch (DotEnvException)
        {
            return []; // The next start will say what is wrong with it.
        }
    }

    private void SetStopped(bool stopped)
    {
        if (_record.IsStopped != stopped)
        {
            _record.SetStopped(stopped);
        }
    }

    private void WakeUp()
    {
        if (_live is { } live)
        {
            _services.Supervisor.Wake(live.Pool);
        }
    }
}
