namespace CloudFunction.Runtime.Tasks;

/// <summary>
/// Where tasks are kept, for one host or for several that share it. What a call changes is durable, safe from a crash of the host and of the machine,
/// once it completes, and nothing is changed when it fails. Thread safe. Fails with <see cref="TaskStoreException"/>. What the store holds of changes
/// not stored yet is bounded in bytes, and calls wait for room; a cancellation ends only that wait: a change that the store has accepted is
/// stored, and the call then answers as if it had not been cancelled.
/// </summary>
/// <remarks>
/// The life of a task: enqueued, which gives it an id that no other task ever has and that sorts behind those of earlier tasks; claimed by
/// an owner, for as long as it keeps its lease; started; ended; and again from claimed while attempts are left. Whoever claims has reserved
/// room before. A claim that is lost before the task started uses up no attempt; a task that had started has lost that attempt.
/// </remarks>
internal interface ITaskStore : IStoreLeases, IAsyncDisposable
{
    /// <summary>Stores a task, and with it its Idempotency-Key.</summary>
    Task<EnqueueResult> EnqueueAsync(NewTask task, CancellationToken cancellationToken);

    /// <summary>Finds a task with its payload, its result and its attempts; null where there is none.</summary>
    Task<FunctionTask?> GetAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Reads a page of tasks.</summary>
    Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>Counts what is due and not claimed, for each function that has any.</summary>
    Task<IReadOnlyList<DueCount>> CountDueAsync(CancellationToken cancellationToken);

    /// <summary>Claims tasks that are due: of each function the oldest ones, as many as there is room for. Takes fewer where
    /// payloads are large.</summary>
    /// <param name="owner">Whose lease the claims end with.</param>
    /// <param name="rooms">Where there is room; each function once.</param>
    /// <param name="cancellationToken">See the interface.</param>
    Task<IReadOnlyList<FunctionTask>> ClaimAsync(StoreOwner owner, IReadOnlyList<TaskRoom> rooms, CancellationToken cancellationToken);

    /// <summary>Completes once a task has become due since this last completed. It does not complete again for tasks that nobody claims:
    /// whoever finds new room claims.</summary>
    Task WaitForDueAsync(CancellationToken cancellationToken);

    /// <summary>Ends a claim before its task started. The task is due again after a delay.</summary>
    Task ReleaseAsync(TaskId id, StoreOwner owner, TimeSpan delay, CancellationToken cancellationToken);

    /// <summary>Stores that an attempt at a claimed task starts. To be awaited before it does.</summary>
    /// <param name="id">A claimed task.</param>
    /// <param name="owner">Whose claim it is.</param>
    /// <param name="worker">What will run it, for people to read.</param>
    /// <param name="logReference">By what its records are found in the logs; null: by nothing.</param>
    /// <param name="cancellationToken">See the interface.</param>
    /// <returns>The attempt's number; null where the task must not start, because it was cancelled meanwhile or the claim is lost. The
    /// claim is over then.</returns>
    Task<int?> StartAttemptAsync(TaskId id, StoreOwner owner, string? worker, string? logReference, CancellationToken cancellationToken);

    /// <summary>Stores that an attempt has ended, and what follows. To be awaited before it takes effect. It ends the claim.</summary>
    /// <returns>The task's status now; null where that attempt was not running for that owner.</returns>
    Task<FunctionTaskStatus?> EndAttemptAsync(TaskId id, StoreOwner owner, int attempt, AttemptEnd end, CancellationToken cancellationToken);

    /// <summary>Cancels a task that waits. Where it runs, its owner gets to know by <see cref="WaitForCancelsAsync"/>.</summary>
    Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Completes with the tasks that run for an owner and that somebody has asked to cancel since this last completed.</summary>
    Task<IReadOnlyList<TaskId>> WaitForCancelsAsync(StoreOwner owner, CancellationToken cancellationToken);

    /// <summary>Has a failed task run again, with its attempts kept.</summary>
    Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Deletes what finished before a time, with the Idempotency-Keys of that age, and gives their space back. Others
    /// go on meanwhile.</summary>
    /// <returns>How many tasks were deleted.</returns>
    Task<int> SweepAsync(DateTimeOffset finishedBefore, CancellationToken cancellationToken);
}
