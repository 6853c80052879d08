namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>Makes up for missing workers: first those that pools want, then those on standby.</summary>
internal sealed class WorkerBalance(SupervisedPools pools, StandbyWorkers standby, WorkerLauncher launcher, WorkerLoader loader, TimeProvider time)
{
    private bool _closed;

    /// <summary>No further worker is started.</summary>
    public void Close() => _closed = true;

    /// <summary>Gives every pool the workers that it wants, and keeps the standby.</summary>
    public void Apply()
    {
        if (_closed)
        {
            return;
        }

        var now = time.GetTimestamp();
        var busy = false;
        foreach (var pool in pools.All)
        {
            Fill(pool, now);
            busy |= pool.Members.Any(static member => member.State < WorkerState.Ready);
        }

        // The standby is made up only when nobody waits for a worker: a start would take the processor from those that do.
        if (!busy)
        {
            standby.MakeUp(now);
        }
    }

    private void Fill(WorkerPool pool, long now)
    {
        // One that is lost keeps its place until its exit is known, and with it when its successor may start.
        var alive = pool.Members.Count(static member => member.State is not (WorkerState.Draining or WorkerState.Stopped));
        for (; pool.Wanted && alive < pool.Size && now >= pool.NotBefore; alive++)
        {
            if (standby.Find(pool) is { } taken)
            {
                taken.Pool = pool;
                pool.Members.Add(taken);
                if (taken.State == WorkerState.Standby)
                {
                    loader.Load(taken, pool);
                }
            }
            else
            {
                pool.Members.Add(launcher.Launch(pool));
            }
        }
    }
}
