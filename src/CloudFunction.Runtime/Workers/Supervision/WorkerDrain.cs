using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Ends workers in order: refuse, drain, cut, kill.</summary>
internal sealed class WorkerDrain(SupervisorSettings settings, WorkerLifecycle lifecycle, TimeProvider time)
{
    /// <summary>Takes a worker out of service: its calls may finish within the grace, then it ends.</summary>
    public void Begin(WorkerHandle worker, TimeSpan grace, string reason)
    {
        if (worker.State >= WorkerState.Draining)
        {
            return;
        }

        worker.EndReason = reason;
        worker.DrainDeadline = time.After(grace);
        var wasReady = worker.State == WorkerState.Ready;
        lifecycle.Move(worker, WorkerState.Draining);
        worker.Link?.Refuse();
        if (wasReady)
        {
            worker.Pool?.Refresh();
        }

        Continue(worker);
    }

    /// <summary>Takes a draining worker a step on, where it is time.</summary>
    public void Continue(WorkerHandle worker)
    {
        var isLate = time.GetTimestamp() > worker.DrainDeadline;
        if (worker.Link is not { } link)
        {
            worker.Kill(); // It never connected: nothing runs in it.
        }
        else if (worker.DrainSent)
        {
            if (isLate)
            {
                worker.Kill();
            }
        }
        else if (link.InFlight == 0)
        {
            worker.DrainSent = true;
            worker.DrainDeadline = time.After(settings.ExitTimeout);
            link.Drain();
        }
        else if (link.OnlyAbandoned && (worker.Stuck || isLate))
        {
            worker.Kill();
        }
        else if (isLate)
        {
            link.CutCalls(); // Their tokens fire, where they have not yet; all have the grace of any cancelled call.
            worker.DrainDeadline = time.After(settings.CancelGrace);
        }
    }

    /// <summary>Gives the calls of a draining worker no more than a time from now, if they were promised more.</summary>
    public void Shorten(WorkerHandle worker, TimeSpan grace)
    {
        if (worker.State == WorkerState.Draining && !worker.DrainSent)
        {
            worker.DrainDeadline = Math.Min(worker.DrainDeadline, time.After(grace));
        }
    }
}
