using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>The workers that there are. The supervisor's loop adds and removes them; they may be read from any thread.</summary>
internal sealed class WorkerRoster
{
    private readonly ConcurrentDictionary<string, WorkerHandle> _workers = new(StringComparer.Ordinal);

    /// <summary>All of them at this moment.</summary>
    public IEnumerable<WorkerHandle> Workers => _workers.Values;

    /// <summary>Those at this moment that have no project yet.</summary>
    public IEnumerable<WorkerHandle> Standby => Workers.Where(static worker => worker.Pool is null);

    public bool IsEmpty => _workers.IsEmpty;

    public WorkerHandle? Find(string id) => _workers.GetValueOrDefault(id);

    public void Add(WorkerHandle worker) => _workers[worker.Id] = worker;

    /// <returns>False where it was removed before.</returns>
    public bool Remove(WorkerHandle worker) => _workers.TryRemove(worker.Id, out _);
}
