using System.Collections.Concurrent;
using CloudFunction.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers;

/// <summary>Decides how many workers there are: for each pool what it wants, none for one that is idle, and those on standby. The supervisor's,
/// in whose loop all of it runs.</summary>
internal sealed class WorkerBalance(
    SupervisorSettings settings, ConcurrentDictionary<string, WorkerHandle> workers, HashSet<WorkerPool> pools, WorkerLifecycle lifecycle,
    IWorkerRunner runner, Func<WorkerPool?, WorkerHandle> launch, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan StandbyRetryDelay = TimeSpan.FromSeconds(2);

    private long _standbyNotBefore;
    private bool _closed;

    /// <summary>No further worker is started.</summary>
    public void Close() => _closed = true;

    /// <summary>A standby worker was lost: the next one is not started at once, in case all of them are.</summary>
    public void DelayStandby() => _standbyNotBefore = lifecycle.After(StandbyRetryDelay);

    /// <summary>Gives every pool the workers that it wants, and keeps the standby.</summary>
    public void Apply()
    {
        if (_closed)
        {
            return;
        }

        var now = time.GetTimestamp();
        var busy = false;
        foreach (var pool in pools)
        {
            // One that is lost keeps its place until its exit is known, and with it when its successor may start.
            var alive = pool.Members.Count(m => m.State is not (WorkerState.Draining or WorkerState.Stopped));
            for (; pool.Wanted && alive < pool.Size && now >= pool.NotBefore; alive++)
            {
                if (TakeStandby(pool) is { } standby)
                {
                    standby.Pool = pool;
                    pool.Members.Add(standby);
                    if (standby.State == WorkerState.Standby)
                    {
                        Load(standby, pool);
                    }
                }
                else
                {
                    pool.Members.Add(launch(pool));
                }
            }

            busy |= pool.Members.Any(m => m.State is WorkerState.Starting or WorkerState.Standby or WorkerState.Loading);
        }

        // The standby is made up only when nobody waits for a worker: a start would take the processor from those that do.
        if (!busy && runner.CanStandBy && now >= _standbyNotBefore)
        {
            for (var count = workers.Values.Count(w => w.Pool is null && w.State is not WorkerState.Draining); count < settings.Options.StandbyWorkers; count++)
            {
                launch(null);
            }
        }
    }

    /// <summary>Has a connected worker load its pool's deployment.</summary>
    public void Load(WorkerHandle worker, WorkerPool pool)
    {
        lifecycle.Move(worker, WorkerState.Loading);
        var deployment = pool.Deployment;
        worker.Link!.Load(new LoadMessage(
            deployment.Project, deployment.Version, deployment.Directory, deployment.Manifest.Contents.EntryAssembly, pool.DataDirectory,
            pool.Describe && !pool.FirstReady.Task.IsCompleted, pool.Environment.ToDictionary(p => p.Key, p => (string?)p.Value))
        {
            WaitForDebugger = settings.Options.WaitForDebugger,
            Startup = pool.Startup,
        });
        if (settings.Options.WaitForDebugger)
        {
            WorkerLog.WaitsForDebugger(logger, worker.Id, worker.Pid, deployment.Project, deployment.Version);
        }
    }

    /// <summary>Stops the workers of pools that have had no call for IDLE_TIMEOUT; the next call wakes them.</summary>
    public void PutToSleepIfIdle(ServingPools serving, long now)
    {
        var timeout = settings.Options.IdleTimeout;
        if (timeout == TimeSpan.Zero || !serving.Pools.Any(static pool => pool.Wanted))
        {
            return;
        }

        if (serving.Pools.All(static pool => pool.Ready.IsEmpty))
        {
            serving.Touch(now); // They are still starting.
        }
        else if (!serving.SeeWhetherBusy(now) && time.GetElapsedTime(serving.LastBusy, now) >= timeout)
        {
            PutToSleep(serving);
        }
    }

    /// <summary>Stops the workers of pools at once; the next call wakes them.</summary>
    public void PutToSleep(ServingPools serving)
    {
        foreach (var pool in serving.Pools.Where(static pool => pool.Wanted))
        {
            WorkerLog.Asleep(logger, pool.Deployment.Project);
            pool.Wanted = false;
            pool.Asleep = true;
            foreach (var worker in pool.Members.ToArray())
            {
                lifecycle.BeginDrain(worker, settings.Options.GracefulShutdownTimeout, "its project is idle");
            }
        }
    }

    /// <summary>Wakes pools that sleep.</summary>
    public void Wake(ServingPools serving)
    {
        foreach (var pool in serving.Pools.Where(static pool => pool.Asleep && !pool.Retired))
        {
            pool.Asleep = false;
            pool.Wanted = true;
        }

        serving.Touch(time.GetTimestamp());
        Apply();
    }

    /// <summary>Replaces the workers on standby: they were started with what no longer holds.</summary>
    public void RenewStandby()
    {
        foreach (var worker in workers.Values.Where(static worker => worker.Pool is null))
        {
            lifecycle.BeginDrain(worker, TimeSpan.Zero, "the environment of all projects has changed");
        }

        Apply();
    }

    private WorkerHandle? TakeStandby(WorkerPool pool)
    {
        if (runner.NeedsOwnWorker(pool))
        {
            return null;
        }

        WorkerHandle? best = null;
        foreach (var worker in workers.Values)
        {
            if (worker.Pool is null && worker.State is WorkerState.Standby or WorkerState.Starting
                && (best is null || worker.State == WorkerState.Standby))
            {
                best = worker;
            }
        }

        return best;
    }
}
