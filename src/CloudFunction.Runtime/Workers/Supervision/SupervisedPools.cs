using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>The pools that there are, and which of them serve.</summary>
internal sealed class SupervisedPools(WorkerDrain drain, TimeProvider time)
{
    private readonly HashSet<WorkerPool> _pools = [];

    public IEnumerable<WorkerPool> All => _pools;

    /// <summary>Those that serve, each project's together.</summary>
    public IEnumerable<ServingPools> Serving => _pools.Select(static pool => pool.Serving).OfType<ServingPools>().Distinct();

    public void Add(WorkerPool pool) => _pools.Add(pool);

    /// <summary>From now on these pools open and hold their project's gate.</summary>
    public void Serve(ServingPools serving)
    {
        // Those before them have no say any more: losing its last worker, one would hold the gate before the new ones'.
        foreach (var other in _pools)
        {
            if (ReferenceEquals(other.Serving?.Gate, serving.Gate))
            {
                other.Serving = null;
            }
        }

        serving.Touch(time.GetTimestamp());
        foreach (var pool in serving.Pools)
        {
            pool.Serving = serving;
        }

        serving.Refresh();
    }

    /// <summary>Takes a pool out of service: its calls may finish within the grace, its workers end.</summary>
    public void Retire(WorkerPool pool, TimeSpan grace, string reason, Rejection? rejection)
    {
        if (rejection is not null && pool.Serving is { } serving)
        {
            serving.Gate.Close(rejection); // Again, where a worker's event opened or held it since the project closed it.
        }

        pool.Serving = null;
        pool.Wanted = false;
        pool.Retired = true;
        pool.FirstReady.TrySetCanceled();
        foreach (var worker in pool.Members.ToArray())
        {
            drain.Begin(worker, grace, reason);
        }

        EndIfEmpty(pool);
    }

    /// <summary>Gives the calls of a retired pool no more than a time from now, if they were promised more.</summary>
    public void ShortenDrain(WorkerPool pool, TimeSpan grace)
    {
        foreach (var worker in pool.Members)
        {
            drain.Shorten(worker, grace);
        }
    }

    /// <summary>Forgets a retired pool whose last worker is gone.</summary>
    public void EndIfEmpty(WorkerPool pool)
    {
        if (pool.Retired && pool.Members.Count == 0)
        {
            _pools.Remove(pool);
            pool.Gone.TrySetResult();
        }
    }

    /// <summary>The host stops: no pool wants workers, or opens and holds a gate that is closed for good by now.</summary>
    public void Close()
    {
        foreach (var pool in _pools)
        {
            pool.Wanted = false;
            pool.Serving = null;
        }
    }
}
