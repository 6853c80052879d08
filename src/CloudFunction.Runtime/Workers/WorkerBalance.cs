using System.Collections.Concurrent;
using CloudFunction.Protocol.Messages;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers;

/// <summary>Decides how many workers there are: for each pool what it wants, none for one that is idle, and those on standby. The supervisor's,
/// in whose loop all of it runs.</summary>
internal sealed class WorkerBalance(
    SupervisorSettings settings, ConcurrentDictionary<string, WorkerHandle> workers, HashSet<WorkerPool> pools, WorkerLifecycle lifecycle,
    Func<WorkerPool?, WorkerHandle> launch, TimeProvider time, ILogger logger)
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
        if (!busy && now >= _standbyNotBefore)
        {
            for (var count = workers.Values.Count(w => w.Pool is null); count < settings.Options.StandbyWorkers; count++)
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
        worker.Connection!.Load(new LoadMessage(
            deployment.Project, deployment.Version, deployment.Directory, deployment.Manifest.Contents.EntryAssembly, pool.DataDirectory,
            pool.Describe && !pool.FirstReady.Task.IsCompleted, pool.Environment.ToDictionary(p => p.Key, p => (string?)p.Value)));
    }

    /// <summary>Stops the workers of a pool that has had no call for IDLE_TIMEOUT; the next call wakes it.</summary>
    public void PutToSleepIfIdle(WorkerPool pool, long now)
    {
        var timeout = settings.Options.IdleTimeout;
        if (timeout == TimeSpan.Zero || !pool.Wanted || pool.Gate is not { } gate)
        {
            return;
        }

        var opened = pool.Members.Sum(m => m.Connection?.Opened ?? 0);
        if (opened != pool.SeenOpened || gate.Running > 0 || gate.Waiting > 0 || pool.Ready.IsEmpty)
        {
            pool.SeenOpened = opened;
            pool.LastBusy = now;
        }
        else if (time.GetElapsedTime(pool.LastBusy, now) >= timeout)
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

    private WorkerHandle? TakeStandby(WorkerPool pool)
    {
        if (WorkerStarter.NeedsOwnProcess(pool))
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
