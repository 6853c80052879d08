using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers;

/// <summary>Takes workers along their states, and ends them in order: refuse, drain, cut, kill. The supervisor's, in whose loop all of it runs.</summary>
internal sealed class WorkerLifecycle(SupervisorSettings settings, TimeProvider time, ILogger logger)
{
    /// <summary>The timestamp of a moment to come.</summary>
    public long After(TimeSpan delay) => time.GetTimestamp() + (long)(delay.TotalSeconds * time.TimestampFrequency);

    /// <summary>Moves a worker to its next state.</summary>
    /// <exception cref="UnreachableException">There is no such arrow.</exception>
    public void Move(WorkerHandle worker, WorkerState next)
    {
        var allowed = next switch
        {
            WorkerState.Standby => worker.State == WorkerState.Starting,
            WorkerState.Loading => worker.State == WorkerState.Standby,
            WorkerState.Ready => worker.State == WorkerState.Loading,
            WorkerState.Draining => worker.State < WorkerState.Draining,
            WorkerState.Stopped => worker.State == WorkerState.Draining,
            WorkerState.Crashed => worker.State < WorkerState.Stopped,
            _ => false,
        };
        if (!allowed)
        {
            throw new UnreachableException($"Worker {worker.Id} cannot go from {worker.State} to {next}.");
        }

        WorkerLog.StateChanged(logger, worker.Id, worker.Pid, worker.State, next);
        worker.State = next;
        worker.StateSince = time.GetTimestamp();
    }

    /// <summary>Takes a worker out of service: its calls may finish within the grace, then it ends.</summary>
    public void BeginDrain(WorkerHandle worker, TimeSpan grace, string reason)
    {
        if (worker.State is WorkerState.Draining or WorkerState.Stopped or WorkerState.Crashed)
        {
            return;
        }

        worker.EndReason = reason;
        worker.DrainDeadline = After(grace);
        var wasReady = worker.State == WorkerState.Ready;
        Move(worker, WorkerState.Draining);
        worker.Link?.Refuse();
        if (wasReady)
        {
            worker.Pool?.Refresh();
        }

        ContinueDrain(worker);
    }

    /// <summary>Takes a draining worker a step on, where it is time.</summary>
    public void ContinueDrain(WorkerHandle worker)
    {
        var now = time.GetTimestamp();
        if (worker.Link is not { } connection)
        {
            worker.Kill(); // It never connected: nothing runs in it.
        }
        else if (worker.DrainSent)
        {
            if (now > worker.DrainDeadline)
            {
                worker.Kill();
            }
        }
        else if (connection.InFlight == 0)
        {
            worker.DrainSent = true;
            worker.DrainDeadline = After(settings.ExitTimeout);
            connection.Drain();
        }
        else if (connection.OnlyAbandoned && (worker.Stuck || now > worker.DrainDeadline))
        {
            worker.Kill();
        }
        else if (now > worker.DrainDeadline)
        {
            connection.CutCalls(); // Their tokens fire, where they have not yet; all have the grace of any cancelled call.
            worker.DrainDeadline = After(settings.CancelGrace);
        }
    }

    /// <summary>Gives the calls of a draining worker no more than a time from now, if they were promised more.</summary>
    public void ShortenDrain(WorkerHandle worker, TimeSpan grace)
    {
        if (worker.State == WorkerState.Draining && !worker.DrainSent)
        {
            worker.DrainDeadline = Math.Min(worker.DrainDeadline, After(grace));
        }
    }
}
