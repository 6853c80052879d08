using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Projects;

/// <summary>A project's pools that serve no longer and still have calls to finish.</summary>
internal sealed class RetiredPools(WorkerSupervisor supervisor)
{
    // So that a project with long calls that is deployed again and again does not fill the machine with old workers.
    private const int Max = 3;

    private readonly Queue<WorkerPool> _pools = new();

    /// <summary>Takes a pool out of service; its calls may go on for the grace, but only as long as it is among the last three.</summary>
    public void Add(WorkerPool pool, TimeSpan grace)
    {
        _ = supervisor.RetireAsync(pool, grace, "newer workers took its place");
        _pools.Enqueue(pool);
        for (var left = _pools.Count; left > 0; left--)
        {
            var oldest = _pools.Dequeue();
            if (!oldest.Gone.Task.IsCompleted)
            {
                _pools.Enqueue(oldest);
            }
        }

        while (_pools.Count > Max)
        {
            supervisor.ShortenDrain(_pools.Dequeue(), TimeSpan.Zero);
        }
    }

    /// <summary>Gives the calls of all pools no more than a time from now.</summary>
    /// <returns>Ends when the last worker is gone.</returns>
    public Task EndAsync(TimeSpan grace)
    {
        foreach (var pool in _pools)
        {
            supervisor.ShortenDrain(pool, grace);
        }

        return Task.WhenAll(_pools.Select(static pool => pool.Gone.Task));
    }
}
