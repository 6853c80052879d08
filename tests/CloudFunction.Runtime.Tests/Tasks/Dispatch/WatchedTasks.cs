using System.Collections.Concurrent;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

/// <summary>A store that fails where a test says so, and keeps what it was asked.</summary>
internal sealed class WatchedTasks(ITaskStore store) : RelayedTasks(store)
{
    private int _counts;
    private int _cancelWaits;

    /// <summary>What the next calls of each method fail with.</summary>
    public ConcurrentQueue<TaskStoreException> CountFailures { get; } = [];

    public ConcurrentQueue<TaskStoreException> StartFailures { get; } = [];

    public ConcurrentQueue<TaskStoreException> EndFailures { get; } = [];

    /// <summary>What is done with a task just before its attempt is stored.</summary>
    public Func<TaskId, Task>? BeforeStart { get; set; }

    /// <summary>What is done between the count of what is due and its claim.</summary>
    public Func<Task>? BeforeClaim { get; set; }

    /// <summary>What is claimed in place of a task.</summary>
    public Func<FunctionTask, FunctionTask> Claimed { get; set; } = task => task;

    public ConcurrentQueue<int> ClaimSizes { get; } = [];

    public ConcurrentQueue<TimeSpan> Releases { get; } = [];

    public ConcurrentQueue<AttemptEnd> Ends { get; } = [];

    /// <summary>How often it was asked what is due.</summary>
    public int Counts => Volatile.Read(ref _counts);

    /// <summary>How many wait for tasks to cancel.</summary>
    public int CancelWaits => Volatile.Read(ref _cancelWaits);

    public override Task<IReadOnlyList<DueCount>> CountDueAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _counts);
        return CountFailures.TryDequeue(out var failure) ? throw failure : Store.CountDueAsync(cancellationToken);
    }

    public override async Task<IReadOnlyList<FunctionTask>> ClaimAsync(
        StoreOwner owner, IReadOnlyList<TaskRoom> rooms, CancellationToken cancellationToken)
    {
        if (BeforeClaim is { } before)
        {
            await before();
        }

        var claimed = await Store.ClaimAsync(owner, rooms, cancellationToken);
        ClaimSizes.Enqueue(claimed.Count);
        return [.. claimed.Select(Claimed)];
    }

    public override async Task<int?> StartAttemptAsync(
        TaskId id, StoreOwner owner, string? worker, string? logReference, CancellationToken cancellationToken)
    {
        if (BeforeStart is { } before)
        {
            await before(id);
        }

        return StartFailures.TryDequeue(out var failure)
            ? throw failure
            : await Store.StartAttemptAsync(id, owner, worker, logReference, cancellationToken);
    }

    public override Task ReleaseAsync(TaskId id, StoreOwner owner, TimeSpan delay, CancellationToken cancellationToken)
    {
        Releases.Enqueue(delay);
        return Store.ReleaseAsync(id, owner, delay, cancellationToken);
    }

    public override Task<FunctionTaskStatus?> EndAttemptAsync(
        TaskId id, StoreOwner owner, int attempt, AttemptEnd end, CancellationToken cancellationToken)
    {
        Ends.Enqueue(end);
        return EndFailures.TryDequeue(out var failure) ? throw failure : Store.EndAttemptAsync(id, owner, attempt, end, cancellationToken);
    }

    public override async Task<IReadOnlyList<TaskId>> WaitForCancelsAsync(StoreOwner owner, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _cancelWaits);
        try
        {
            return await Store.WaitForCancelsAsync(owner, cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref _cancelWaits);
        }
    }
}
