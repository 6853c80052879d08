using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Takes workers along their states.</summary>
internal sealed class WorkerLifecycle(TimeProvider time, ILogger logger)
{
    /// <summary>Moves a worker to its next state.</summary>
    /// <exception cref="UnreachableException">There is no such arrow.</exception>
    public void Move(WorkerHandle worker, WorkerState next)
    {
        if (!IsArrow(worker.State, next))
        {
            throw new UnreachableException($"Worker {worker.Id} cannot go from {worker.State} to {next}.");
        }

        SupervisorLog.StateChanged(logger, worker.Id, worker.Pid, worker.State, next);
        worker.State = next;
        worker.StateSince = time.GetTimestamp();
    }

    private static bool IsArrow(WorkerState from, WorkerState to) => to switch
    {
        WorkerState.Standby => from == WorkerState.Starting,
        WorkerState.Loading => from == WorkerState.Standby,
        WorkerState.Ready => from == WorkerState.Loading,
        WorkerState.Draining => from < WorkerState.Draining,
        WorkerState.Stopped => from == WorkerState.Draining,
        WorkerState.Crashed => from < WorkerState.Stopped,
        _ => false,
    };
}
