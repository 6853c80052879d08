using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>What must hold of a supervisor's workers whatever has happened.</summary>
/// <param name="host">The supervisor.</param>
/// <param name="pools">All pools that ever were.</param>
/// <param name="gates">Each project's gate.</param>
/// <param name="serving">What serves each project now; null for nothing.</param>
/// <param name="history">The last steps, for the message.</param>
internal sealed class SupervisorOrder(
    SupervisorUnderTest host, IReadOnlyCollection<WorkerPool> pools, IReadOnlyList<ConcurrencyGate> gates, IReadOnlyList<ServingPools?> serving,
    IReadOnlyCollection<string> history)
{
    /// <summary>Fails where something is out of order, once the supervisor has settled.</summary>
    public void AssertHolds()
    {
        var workers = host.Supervisor.Workers.ToArray();
        foreach (var pool in pools)
        {
            var alive = pool.Members.Count(static member => member.State is not (WorkerState.Draining or WorkerState.Stopped));
            Check(alive <= pool.Size, $"{Name(pool)} has {alive} workers, and {pool.Size} are its limit");
            Check(
                !pool.Retired || alive == pool.Members.Count(static member => member.State == WorkerState.Crashed),
                $"{Name(pool)} is retired and has workers");
            Check(
                pool.Members.TrueForAll(member => member.Pool == pool && workers.Contains(member)),
                $"{Name(pool)} has another's worker, or a lost one");
            Check(
                pool.Ready.ToArray().ToHashSet().SetEquals(pool.Members.Where(static member => member.State == WorkerState.Ready)),
                $"{Name(pool)} gives calls to others than those that are ready");
        }

        Check(
            workers.All(worker => worker.Pool is null || worker.Pool.Members.Count(member => member == worker) == 1),
            "a worker is in no pool, or in one twice");
        var standby = workers.Count(static worker => worker.Pool is null && worker.State != WorkerState.Draining);
        Check(standby <= host.Options.StandbyWorkers, $"{standby} workers are on standby");
        Check(host.Runner.Running.Select(static process => process.Worker).ToHashSet().SetEquals(workers), "a process runs that nobody knows");
        foreach (var process in host.Runner.Processes)
        {
            var commands = process.Link.Commands;
            Check(commands.Count(static command => command.StartsWith("load", StringComparison.Ordinal)) <= 1, $"{process} loads twice");
            Check(!commands.Contains("drain") || commands[^1] == "drain", $"{process} was told more after its drain");
        }

        for (var project = 0; project < gates.Count; project++)
        {
            // Places are plenty: who can be served does not wait, and is gone from the queue before long.
            if (serving[project]?.Pools.Any(static pool => pool.Serving is not null && pool.CanTakeCalls) == true)
            {
                var gate = gates[project];
                Patience.Until(() => gate.Waiting == 0, () => $"{gate.Waiting} calls wait before a worker that is ready. {host}");
            }
        }

        Check(
            !host.Messages.Any(static message => message.Contains("unexpected failure", StringComparison.Ordinal)),
            "an event could not be handled");
    }

    public static string Name(WorkerPool pool) => $"{pool.Deployment.Project} version {pool.Deployment.Version}";

    /// <summary>Fails, with what has led to it, where something does not hold.</summary>
    public void Check(bool holds, string otherwise) => Assert.True(
        holds,
        holds
            ? null
            : $"Wrong: {otherwise}. {host}\nThe last steps:\n{string.Join('\n', history)}\n"
                + $"The log:\n{string.Join('\n', host.Messages.TakeLast(20))}");
}
