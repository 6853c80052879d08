using System.Collections.Frozen;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>The live deployments of a project that workers run, as calls meet them, and those that only finish their calls. One change at a time;
/// reading is possible at any time.</summary>
internal sealed class LiveDeployments : IDisposable
{
    private readonly string _project;
    private readonly TimeSpan _grace;
    private readonly WorkerSupervisor _supervisor;
    private readonly ProjectDecisions _decisions;
    private readonly ProjectCatalog _projects;
    private readonly RetiredPools _retired;
    private volatile LiveDeployment[] _all = [];
    private volatile ServingPools? _pools;
    private volatile ProjectRoute _route;

    /// <param name="project">Whose.</param>
    /// <param name="limits">How many places its calls have.</param>
    /// <param name="grace">TIMEOUT_GRACEFUL_SHUTDOWN.</param>
    /// <param name="sweep">Watches how long calls wait.</param>
    /// <param name="supervisor">Has the workers.</param>
    /// <param name="decisions">Which functions are disabled.</param>
    /// <param name="projects">Where routes are published.</param>
    public LiveDeployments(
        string project, GateLimits limits, TimeSpan grace, DeadlineSweep sweep, WorkerSupervisor supervisor, ProjectDecisions decisions,
        ProjectCatalog projects)
    {
        _project = project;
        _grace = grace;
        _supervisor = supervisor;
        _decisions = decisions;
        _projects = projects;
        _retired = new RetiredPools(supervisor);
        Gates = new ProjectGates(limits, sweep, WakeUp);
        _route = RouteTo([]);
    }

    /// <summary>The project's places.</summary>
    public ProjectGates Gates { get; }

    /// <summary>Those that workers run, the one with the greatest part of the calls first; empty for none.</summary>
    public IReadOnlyList<LiveDeployment> All => _all;

    /// <summary>Why none of them can take calls, or null.</summary>
    public string? Unhealthy =>
        _all is { Length: > 0 } live && live.All(each => each.Pool.Unhealthy is not null) ? live[0].Pool.Unhealthy!.Cause : null;

    /// <summary>Whether they sleep.</summary>
    public bool AreAsleep => _all is { Length: > 0 } live && live.All(each => each.Pool.Asleep);

    /// <summary>The environment of their workers; null where nothing is live.</summary>
    public ProjectVariables? Variables => _all is [var first, ..] ? new ProjectVariables(first.Pool.Environment) : null;

    /// <summary>The project as calls meet it.</summary>
    public ProjectRoute Route => _route;

    /// <summary>Makes others live; those before that are no longer live finish their calls.</summary>
    public void Replace(LiveDeployment[] next)
    {
        var before = _all;
        var pools = new ServingPools(Gates.Project, [.. next.Select(each => each.Pool)]);
        _all = next;
        _pools = pools;

        // First the route, then the gate: a call that the gate lets in finds the new workers.
        Reroute();
        _supervisor.Serve(pools);
        foreach (var old in before.Where(old => !next.Any(each => ReferenceEquals(each.Pool, old.Pool))))
        {
            _retired.Add(old.Pool, old.LongestTimeout);
        }
    }

    /// <summary>Publishes the route anew, after a function was disabled or enabled too.</summary>
    public void Reroute()
    {
        _route = RouteTo(_all);
        _projects.Publish();
    }

    /// <summary>Opens or closes the gate as the workers' state has it.</summary>
    public void Resume()
    {
        if (_pools is { } pools)
        {
            _supervisor.Serve(pools);
        }
    }

    /// <summary>Stops idle workers at once, until the next call.</summary>
    public void Sleep()
    {
        if (_pools is { } pools)
        {
            _supervisor.Sleep(pools);
        }
    }

    /// <summary>Ends all; calls that run, in versions before too, may finish within TIMEOUT_GRACEFUL_SHUTDOWN.</summary>
    /// <returns>Ends when the last worker is gone.</returns>
    public Task EndAsync(string reason, Rejection rejection)
    {
        var before = _all;
        _all = [];
        _pools = null;
        _route = RouteTo([]);
        Gates.Project.Close(rejection);
        return Task.WhenAll([.. before.Select(each => _supervisor.RetireAsync(each.Pool, _grace, reason, rejection)), _retired.EndAsync(_grace)]);
    }

    public void Dispose() => Gates.Dispose();

    private ProjectRoute RouteTo(LiveDeployment[] live) => live switch
    {
        [] => new ProjectRoute(Gates.Project, null) { BodyGate = Gates.Bodies },
        [var one] => new ProjectRoute(Gates.Project, Enabled(one.Routes)) { BodyGate = Gates.Bodies, Disabled = DisabledOf(live) },
        _ => new ProjectRoute(Gates.Project, Enabled(live[0].Routes))
        {
            BodyGate = Gates.Bodies,
            Split = new TrafficSplit(live.Select(each => (Enabled(each.Routes), each.Weight))),
            Disabled = DisabledOf(live),
        },
    };

    private FrozenDictionary<string, FunctionRoute> Enabled(FrozenDictionary<string, FunctionRoute> routes) =>
        routes.Values.Any(IsDisabled)
            ? routes.Values.Where(route => !IsDisabled(route)).ToFrozenDictionary(route => route.Name, StringComparer.Ordinal)
            : routes;

    private bool IsDisabled(FunctionRoute function) => _decisions.IsDisabled(_project, function.Name);

    private FrozenSet<string> DisabledOf(LiveDeployment[] live) =>
        live.SelectMany(each => each.Routes.Values).Where(IsDisabled).Select(route => route.Name).ToFrozenSet(StringComparer.Ordinal);

    private void WakeUp()
    {
        if (_pools is { } pools)
        {
            _supervisor.Wake(pools);
        }
    }
}
