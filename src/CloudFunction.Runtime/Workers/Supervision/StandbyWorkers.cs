using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Workers that are started before it is known what they will load.</summary>
internal sealed class StandbyWorkers(
    CloudFunctionOptions options, WorkerRoster roster, IWorkerRunner runner, WorkerLauncher launcher, WorkerDrain drain, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    private long _notBefore;

    /// <summary>Starts as many as STANDBY_WORKERS asks for and are not there.</summary>
    public void MakeUp(long now)
    {
        if (!runner.CanStandBy || now < _notBefore)
        {
            return;
        }

        for (var count = roster.Standby.Count(static worker => worker.State != WorkerState.Draining); count < options.StandbyWorkers; count++)
        {
            launcher.Launch(null);
        }
    }

    /// <summary>The one that can best work for a pool: one that is connected before one that still starts. Null where there is none, or the pool
    /// needs its own.</summary>
    public WorkerHandle? Find(WorkerPool pool)
    {
        if (runner.NeedsOwnWorker(pool))
        {
            return null;
        }

        WorkerHandle? best = null;
        foreach (var worker in roster.Standby)
        {
            if (worker.State == WorkerState.Standby || (worker.State == WorkerState.Starting && best is null))
            {
                best = worker;
            }
        }

        return best;
    }

    /// <summary>One was lost: the next one is not started at once, in case all of them are.</summary>
    public void Delay() => _notBefore = time.After(RetryDelay);

    /// <summary>Ends those that there are: they were started with what no longer holds.</summary>
    public void Renew()
    {
        foreach (var worker in roster.Standby)
        {
            drain.Begin(worker, TimeSpan.Zero, "the environment of all projects has changed");
        }
    }
}
