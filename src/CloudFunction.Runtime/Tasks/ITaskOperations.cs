namespace CloudFunction.Runtime.Tasks;

/// <summary>What callers and operators can do with tasks. Thread safe; all of it may fail with <see cref="TaskStoreException"/>, and has
/// changed nothing then.</summary>
internal interface ITaskOperations
{
    /// <summary>Stores an invocation that is run later; it is on disk once this returns.</summary>
    /// <returns>What became of it: never an exception for a project or function that is not there, is stopped or disabled.</returns>
    Task<TaskAdmission> EnqueueAsync(TaskRequest request, CancellationToken cancellationToken);

    /// <summary>A task with its payload, its result and its attempts; null where there is none.</summary>
    Task<FunctionTask?> FindAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>A page of tasks, the newest first.</summary>
    Task<TaskPage> ListAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>Cancels a task: one that waits at once; one that runs has its token fired, and its worker is replaced where the
    /// function ignores that.</summary>
    Task<CancelOutcome> CancelAsync(TaskId id, CancellationToken cancellationToken);

    /// <summary>Has a failed task run again, with as many attempts as it had at first.</summary>
    Task<RerunOutcome> RerunAsync(TaskId id, CancellationToken cancellationToken);
}
