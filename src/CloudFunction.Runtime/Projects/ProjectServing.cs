using System.Collections.Concurrent;
using System.Collections.Frozen;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>What serves a project: its places, its live deployments with their workers, and those that only finish their calls. One change at a time;
/// reading is possible at any time.</summary>
internal sealed class ProjectServing : IDisposable
{
    // A worker that did not load is gone within milliseconds; on a disk that hangs the next sweep removes what it leaves.
    private static readonly TimeSpan DiscardTimeout = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, ConcurrencyGate> _functionGates = new(StringComparer.Ordinal);
    private readonly string _project;
    private readonly ProjectServices _services;
    private readonly ProjectCounters _counters;
    private readonly QueueBudget _queue;
    private readonly QueueBudget _bodyQueue;
    private readonly RetiredPools _retired;
    private readonly ConcurrencyGate _bodyGate;
    private volatile LiveDeployment[] _live = [];
    private volatile ServingPools? _pools;
    private volatile ProjectRoute _route;

    public ProjectServing(string project, ProjectCounters counters, ProjectServices services)
    {
        _project = project;
        _counters = counters;
        _services = services;
        _retired = new RetiredPools(services.Supervisor);
        _queue = new QueueBudget(services.MaxWaiting);
        Gate = new ConcurrencyGate(services.Options.MaxConcurrent, "MAX_CONCURRENT", _queue, services.Sweep, onHeldWait: WakeUp);
        Gate.Hold();
        _bodyQueue = new QueueBudget((services.MaxWaiting + 1) / 2);
        _bodyGate = NewBodyGate(services.Options.MaxConcurrent, "MAX_CONCURRENT");
        _route = RouteTo([]);
    }

    /// <summary>The project's places.</summary>
    public ConcurrencyGate Gate { get; }

    /// <summary>What serves, the version with the greatest part first; empty for nothing.</summary>
    public IReadOnlyList<LiveDeployment> Live => _live;

    /// <summary>Why none of the live deployments can take calls, or null.</summary>
    public string? Unhealthy =>
        _live is { Length: > 0 } live && live.All(each => each.Pool.Unhealthy is not null) ? live[0].Pool.Unhealthy!.Cause : null;

    /// <summary>The project as calls meet it.</summary>
    public ProjectRoute Route => _route;

    /// <summary>Starts workers for a deployment and waits until the first has loaded it. It serves nothing yet.</summary>
    /// <exception cref="DeploymentException">It does not load; a version that never did is gone then, and so where this was cancelled.</exception>
    public async Task<LiveDeployment> LoadAsync(WeightedDeployment chosen, ProjectVariables variables, CancellationToken cancellationToken)
    {
        var deployment = chosen.Deployment;
        var pool = MakePool(deployment, variables);
        _services.Supervisor.Add(pool);
        try
        {
            var ready = await pool.FirstReady.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            var functions = ready.Functions.Select(DeployedFunction.Of).ToArray();
            CheckSchedules(functions);
            if (deployment.Manifest.Functions is null)
            {
                deployment = await _services.Deployments.SetFunctionsAsync(deployment, functions, cancellationToken).ConfigureAwait(false);
                foreach (var passedOver in ready.PassedOver)
                {
                    ProjectLog.PassedOver(_services.Logger, _project, deployment.Version, passedOver);
                }
            }

            return Make(deployment, chosen.Weight, pool, functions);
        }
        catch
        {
            await DiscardAsync(pool).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Makes a deployment that a worker has loaded before ready to serve without one: the first call starts it.</summary>
    public LiveDeployment Rest(WeightedDeployment chosen, ProjectVariables variables)
    {
        var functions = chosen.Deployment.Manifest.Functions!;
        var pool = MakePool(chosen.Deployment, variables);
        pool.Wanted = false;
        pool.Asleep = true;
        pool.FirstReady.TrySetResult(new ReadyMessage([], []));
        _services.Supervisor.Add(pool);
        return Make(chosen.Deployment, chosen.Weight, pool, functions);
    }

    /// <summary>Swaps what serves; what did before, and does no longer, finishes its calls.</summary>
    public void Serve(LiveDeployment[] next)
    {
        var before = _live;
        var pools = new ServingPools(Gate, [.. next.Select(each => each.Pool)]);
        _live = next;
        _pools = pools;

        // First the route, then the gate: a call that the gate lets in finds the new workers.
        Reroute();
        _services.Supervisor.Serve(pools);
        foreach (var old in before.Where(old => !next.Any(each => ReferenceEquals(each.Pool, old.Pool))))
        {
            _retired.Add(old.Pool, old.LongestTimeout);
        }
    }

    /// <summary>Tells the router what there is now, after a function was disabled or enabled too.</summary>
    public void Reroute()
    {
        _route = RouteTo(_live);
        _services.Publish();
    }

    /// <summary>Has the schedules on the functions that serve kept, and no others of the project's.</summary>
    public Task ScheduleAsync() => _services.SetSchedules(_project, ReadSchedules(_live.Select(each => each.Deployment)));

    /// <summary>The schedules on the functions of deployments, of which the first has the greatest part of the calls. What is wrong with one is logged: it was right when
    /// it was deployed.</summary>
    public IReadOnlyList<ScheduleDefinition> ReadSchedules(IEnumerable<Deployment> deployments)
    {
        var functions = deployments.SelectMany(each => each.Manifest.Functions ?? []).DistinctBy(function => function.Name, StringComparer.Ordinal);
        var problems = new List<string>();
        var schedules = FunctionSchedules.Read(_project, functions, problems);
        foreach (var problem in problems)
        {
            ProjectLog.ScheduleWrong(_services.Logger, _project, problem);
        }

        return [.. schedules.Select(each => each with { IsEnabled = !_services.Decisions.IsDisabled(_project, each.Target.Function) })];
    }

    /// <summary>Whether nothing runs before the next call.</summary>
    public bool IsAsleep => _live is { Length: > 0 } live && live.All(static each => each.Pool.Asleep);

    /// <summary>Opens or closes the gate as the live workers' state has it.</summary>
    public void Resume()
    {
        if (_pools is { } pools)
        {
            _services.Supervisor.Serve(pools);
        }
    }

    /// <summary>Stops idle workers at once, until the next call.</summary>
    public void Sleep()
    {
        if (_pools is { } pools)
        {
            _services.Supervisor.Sleep(pools);
        }
    }

    /// <summary>Ends serving; calls that run, in versions before too, may finish within the grace.</summary>
    /// <returns>Ends when the last worker is gone.</returns>
    public Task EndAsync(TimeSpan grace, string reason, Rejection rejection)
    {
        var before = _live;
        _live = [];
        _pools = null;
        _route = RouteTo([]);
        Gate.Close(rejection);
        return Task.WhenAll([.. before.Select(each => _services.Supervisor.RetireAsync(each.Pool, grace, reason, rejection)), _retired.EndAsync(grace)]);
    }

    /// <summary>Ends the workers of a deployment that was loaded and is not to serve after all.</summary>
    public Task DiscardAsync(LiveDeployment loaded) => DiscardAsync(loaded.Pool);

    public void Dispose()
    {
        _services.Sweep.Remove(Gate);
        _services.Sweep.Remove(_bodyGate);
        foreach (var gate in _functionGates.Values)
        {
            _services.Sweep.Remove(gate);
        }
    }

    private void CheckSchedules(DeployedFunction[] functions)
    {
        var problems = new List<string>();
        FunctionSchedules.Read(_project, functions, problems);
        if (problems.Count > 0)
        {
            throw new DeploymentException(DeploymentErrorCode.Invalid, string.Join(' ', problems));
        }
    }

    private async Task DiscardAsync(WorkerPool pool)
    {
        var gone = _services.Supervisor.RetireAsync(pool, TimeSpan.Zero, "its deployment does not serve");
        await gone.WaitAsync(DiscardTimeout, _services.Time, _services.Stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var deployment = pool.Deployment;
        if (deployment.Manifest.Functions is null && gone.IsCompleted)
        {
            await _services.Deployments.RemoveAsync(_project, deployment.Version, _services.Stopping).ConfigureAwait(false); // Nobody can ever go back to it.
        }
    }

    private WorkerPool MakePool(Deployment deployment, ProjectVariables variables)
    {
        var options = _services.Options;
        var data = Path.Combine(options.DataDirectory, "projects", _project);
        HostDirectory.Create(data);
        return new WorkerPool(deployment, variables.Values, data, options.Workers, describe: deployment.Manifest.Functions is null, _services.Time);
    }

    private LiveDeployment Make(Deployment deployment, int weight, WorkerPool pool, IReadOnlyList<DeployedFunction> functions) =>
        new(deployment, weight, pool, functions.Select((f, number) => TargetOf(f, number, pool)).ToFrozenDictionary(t => t.Name, StringComparer.Ordinal));

    private FunctionRoute TargetOf(DeployedFunction function, int number, WorkerPool pool)
    {
        ConcurrencyGate? gate = null;
        ConcurrencyGate? bodyGate = null;
        if (function.MaxConcurrent is { } limit)
        {
            // Kept over versions as long as the limit is the same, so that it counts across them.
            gate = _functionGates.GetOrAdd(
                $"{function.Name}:{limit}", _ => new ConcurrencyGate(limit, "MaxConcurrent of the function", _queue, _services.Sweep));
            bodyGate = _functionGates.GetOrAdd($"{function.Name}:{limit}:bodies", _ => NewBodyGate(limit, "MaxConcurrent of the function"));
        }

        var recorder = new FunctionRecorder(_counters.GetFunction(function.Name), _services.LogOf(_project, function.Name));
        var target = new FunctionTarget(number, function.Name, function.Timeout ?? _services.Options.FunctionTimeout, Gate, gate, recorder)
        {
            BodyGate = bodyGate,
            MaxAttempts = function.MaxAttempts,
            Shape = function.Shape,
        };
        return new FunctionRoute(target, pool);
    }

    // Of places and of waits: who sends slowly shall fill neither.
    private ConcurrencyGate NewBodyGate(int limit, string limitName) =>
        new(Math.Max(1, limit / 2), $"half of {limitName}, for calls whose bodies are still coming", _bodyQueue, _services.Sweep);

    private ProjectRoute RouteTo(LiveDeployment[] live) => live switch
    {
        [] => new ProjectRoute(Gate, null) { BodyGate = _bodyGate },
        [var one] => new ProjectRoute(Gate, Enabled(one.Targets)) { BodyGate = _bodyGate, Disabled = DisabledOf(live) },
        _ => new ProjectRoute(Gate, Enabled(live[0].Targets))
        {
            BodyGate = _bodyGate,
            Split = new TrafficSplit(live.Select(each => (Enabled(each.Targets), each.Weight))),
            Disabled = DisabledOf(live),
        },
    };

    private FrozenDictionary<string, FunctionRoute> Enabled(FrozenDictionary<string, FunctionRoute> targets) =>
        targets.Values.Any(IsDisabled)
            ? targets.Values.Where(target => !IsDisabled(target)).ToFrozenDictionary(target => target.Name, StringComparer.Ordinal)
            : targets;

    private bool IsDisabled(FunctionRoute function) => _services.Decisions.IsDisabled(_project, function.Name);

    private FrozenSet<string> DisabledOf(LiveDeployment[] live) =>
        live.SelectMany(each => each.Targets.Values).Where(IsDisabled).Select(target => target.Name).ToFrozenSet(StringComparer.Ordinal);

    private void WakeUp()
    {
        if (_pools is { } pools)
        {
            _services.Supervisor.Wake(pools);
        }
    }
}
