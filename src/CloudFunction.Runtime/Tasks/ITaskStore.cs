namespace CloudFunction.Runtime.Tasks;

/// <summary>
/// Where tasks are kept. What a call changes is durable, safe from a crash of the host and of the machine, once its task completes, and nothing is
/// changed when it fails. Thread safe. Fails with <see cref="TaskStoreException"/>. What the store holds of changes not stored yet is bounded
/// in bytes, and calls wait for room; a cancellation ends only that wait: a change that the store has accepted is stored, and the call then
/// answers as if it had not been cancelled.
/// </summary>
/// <remarks>The life of a task: enqueued, claimed (known to this host alone, gone with it), started, ended; and again from claimed while attempts are left.</remarks>
internal interface ITaskStore : IAsyncDisposable
{
    /// <summary>Stores a task, and with it its Idempotency-Key.</summary>
    Task<EnqueueResult> EnqueueAsync(NewTask task, CancellationToken cancellationToken);

    /// <summary>A task with its payload, its result and its attempts; null where there is none.</summary>
    Task<FunctionTask?> GetAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>A page of tasks.</summary>
    Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// Claims tasks that are due: one of each project in turn, and of a project the oldest one whose function has room. A claim uses up no attempt and
    /// outlives neither <see cref="Release"/> nor this host. Takes fewer where payloads are large.
    /// </summary>
    /// <param name="max">How many at most, at least 1.</param>
    /// <param name="gate">Asked once for each task; every task returned holds a place.</param>
    /// <param name="cancellationToken">Ends the wait for another claim.</param>
    Task<IReadOnlyList<FunctionTask>> ClaimAsync(int max, ITaskGate gate, CancellationToken cancellationToken);

    /// <summary>Completes once a task has become due since this last completed. Tasks that a gate refused are not told of again: whoever frees a place claims.</summary>
    Task WaitForDueAsync(CancellationToken cancellationToken);

    /// <summary>Gives back a claimed task that did not start, because its project is busy or starting, to be claimed again after a delay.</summary>
    void Release(TaskId id, TimeSpan delay);

    /// <summary>Stores that an attempt at a claimed task starts. To be awaited before it does.</summary>
    /// <param name="id">The task.</param>
    /// <param name="worker">Who will run it, for people to read.</param>
    /// <param name="logReference">By what its records are found in the logs; null: by nothing.</param>
    /// <param name="cancellationToken">See the interface.</param>
    /// <returns>The attempt's number; null where the task must not start, because it was cancelled meanwhile. The claim is over then.</returns>
    Task<int?> StartAttemptAsync(TaskId id, string? worker, string? logReference, CancellationToken cancellationToken);

    /// <summary>Stores that an attempt has ended, and what follows. To be awaited before it takes effect.</summary>
    /// <returns>Where the task stands now; null where that attempt was not running.</returns>
    Task<FunctionTaskStatus?> EndAttemptAsync(TaskId id, int attempt, AttemptEnd end, CancellationToken cancellationToken);

    /// <summary>Cancels a task that waits, and stores the wish where it runs.</summary>
    Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Has a failed task run again, with its attempts kept.</summary>
    Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Deletes what finished before a time, with the Idempotency-Keys of that age, and gives their space back. Others go on meanwhile.</summary>
    /// <returns>How many tasks were deleted.</returns>
    Task<int> SweepAsync(DateTimeOffset finishedBefore, CancellationToken cancellationToken);
}
