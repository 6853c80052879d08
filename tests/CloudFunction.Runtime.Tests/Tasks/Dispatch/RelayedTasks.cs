using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

/// <summary>Passes everything on to a store; what a test wants otherwise it overrides.</summary>
internal abstract class RelayedTasks(ITaskStore store) : ITaskStore
{
    protected ITaskStore Store => store;

    public virtual Task<FunctionTaskStatus?> EndAttemptAsync(
        TaskId id, StoreOwner owner, int attempt, AttemptEnd end, CancellationToken cancellationToken) =>
        store.EndAttemptAsync(id, owner, attempt, end, cancellationToken);

    public Task<EnqueueResult> EnqueueAsync(NewTask task, CancellationToken cancellationToken) => store.EnqueueAsync(task, cancellationToken);

    public Task<FunctionTask?> GetAsync(TaskId id, CancellationToken cancellationToken) => store.GetAsync(id, cancellationToken);

    public Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken) => store.ListAsync(query, cancellationToken);

    public virtual Task<IReadOnlyList<DueCount>> CountDueAsync(CancellationToken cancellationToken) => store.CountDueAsync(cancellationToken);

    public virtual Task<IReadOnlyList<FunctionTask>> ClaimAsync(
        StoreOwner owner, IReadOnlyList<TaskRoom> rooms, CancellationToken cancellationToken) =>
        store.ClaimAsync(owner, rooms, cancellationToken);

    public Task WaitForDueAsync(CancellationToken cancellationToken) => store.WaitForDueAsync(cancellationToken);

    public virtual Task ReleaseAsync(TaskId id, StoreOwner owner, TimeSpan delay, CancellationToken cancellationToken) =>
        store.ReleaseAsync(id, owner, delay, cancellationToken);

    public virtual Task<int?> StartAttemptAsync(
        TaskId id, StoreOwner owner, string? worker, string? logReference, CancellationToken cancellationToken) =>
        store.StartAttemptAsync(id, owner, worker, logReference, cancellationToken);

    public virtual Task<IReadOnlyList<TaskId>> WaitForCancelsAsync(StoreOwner owner, CancellationToken cancellationToken) =>
        store.WaitForCancelsAsync(owner, cancellationToken);

    public Task<bool> RenewAsync(StoreOwner owner, CancellationToken cancellationToken) => store.RenewAsync(owner, cancellationToken);

    public Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken) => store.CancelAsync(id, cancellationToken);

    public Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken) => store.RerunAsync(id, cancellationToken);

    public Task<int> SweepAsync(DateTimeOffset finishedBefore, CancellationToken cancellationToken) =>
        store.SweepAsync(finishedBefore, cancellationToken);

    public ValueTask DisposeAsync() => store.DisposeAsync();
}
