using System.Collections.Concurrent;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Projects;

/// <summary>The places of a project's calls: its own, and those of the functions that limit themselves. Thread safe.</summary>
internal sealed class ProjectGates : IDisposable
{
    private readonly ConcurrentDictionary<(string Function, int Limit), (ConcurrencyGate Calls, ConcurrencyGate Bodies)> _functions = [];
    private readonly DeadlineSweep _sweep;
    private readonly QueueBudget _queue;
    private readonly QueueBudget _bodyQueue;

    /// <param name="limits">How many places there are.</param>
    /// <param name="sweep">Watches how long calls wait.</param>
    /// <param name="onHeldWait">Called when a call waits while no worker can take it.</param>
    public ProjectGates(GateLimits limits, DeadlineSweep sweep, Action onHeldWait)
    {
        _sweep = sweep;
        _queue = new QueueBudget(limits.Waiting);
        _bodyQueue = new QueueBudget((limits.Waiting + 1) / 2);
        Project = new ConcurrencyGate(limits.Running, "MAX_CONCURRENT", _queue, sweep, onHeldWait);
        Project.Hold();
        Bodies = NewBodyGate(limits.Running, "MAX_CONCURRENT");
    }

    /// <summary>Those of all calls; held at first.</summary>
    public ConcurrencyGate Project { get; }

    /// <summary>Those of calls whose bodies are still coming.</summary>
    public ConcurrencyGate Bodies { get; }

    /// <summary>A function of the project, with its places.</summary>
    /// <param name="function">As the deployment's manifest has it.</param>
    /// <param name="number">Its number in its worker.</param>
    /// <param name="defaultTimeout">How long a call may take where the function does not set that.</param>
    /// <param name="recorder">Where its calls are recorded.</param>
    public FunctionTarget TargetOf(DeployedFunction function, int number, TimeSpan defaultTimeout, ICallRecorder recorder)
    {
        (ConcurrencyGate Calls, ConcurrencyGate Bodies)? own = function.MaxConcurrent is { } limit ? OfFunction(function.Name, limit) : null;
        return new FunctionTarget(number, function.Name, function.Timeout ?? defaultTimeout, Project, own?.Calls, recorder)
        {
            BodyGate = own?.Bodies,
            MaxAttempts = function.MaxAttempts,
            Kind = function.FunctionKind,
        };
    }

    public void Dispose()
    {
        _sweep.Remove(Project);
        _sweep.Remove(Bodies);
        foreach (var (calls, bodies) in _functions.Values)
        {
            _sweep.Remove(calls);
            _sweep.Remove(bodies);
        }
    }

    // Kept over versions as long as the limit is the same, so that they count across them.
    private (ConcurrencyGate Calls, ConcurrencyGate Bodies) OfFunction(string function, int limit) => _functions.GetOrAdd(
        (function, limit),
        _ => (
            new ConcurrencyGate(limit, "MaxConcurrent of the function", _queue, _sweep),
            NewBodyGate(limit, "MaxConcurrent of the function")));

    // Of places and of waits: who sends slowly shall fill neither.
    private ConcurrencyGate NewBodyGate(int limit, string limitName) =>
        new(Math.Max(1, limit / 2), $"half of {limitName}, for calls whose bodies are still coming", _bodyQueue, _sweep);
}
