namespace CloudFunction.Runtime.Tasks;

/// <summary>
/// Where the states of schedules are kept, beside the tasks that they make. A state is changed by whoever knows it as it is: of several
/// hosts that decide on the same run, one makes it. Thread safe. Fails with <see cref="TaskStoreException"/>, and has changed nothing then.
/// </summary>
internal interface IScheduleStore
{
    /// <summary>Reads all states, by the schedules' ids.</summary>
    Task<IReadOnlyList<KeyValuePair<string, byte[]>>> ReadSchedulesAsync(CancellationToken cancellationToken);

    /// <summary>Reads one state; null where there is none.</summary>
    Task<byte[]?> FindScheduleAsync(string id, CancellationToken cancellationToken);

    /// <summary>Stores a state in place of another.</summary>
    /// <param name="id">Of the schedule, such as <c>system_NAME</c>.</param>
    /// <param name="expected">The state that it has, byte by byte; null: none.</param>
    /// <param name="state">The state that it is to have; null: none, it is deleted.</param>
    /// <param name="cancellationToken">Ends the wait for room in the store, and nothing later.</param>
    /// <returns>False where it has another state than expected, which stays.</returns>
    Task<bool> TrySaveScheduleAsync(string id, byte[]? expected, byte[]? state, CancellationToken cancellationToken);

    /// <summary>Stores a task and the state of the schedule that makes it, both or neither: so a run is neither lost nor doubled,
    /// whenever a host ends.</summary>
    /// <param name="id">Of the schedule, such as <c>system_NAME</c>.</param>
    /// <param name="expected">The state that it has, byte by byte; null: none.</param>
    /// <param name="state">The state that it is to have.</param>
    /// <param name="task">The task; it has an id from <see cref="ReserveTaskIdAsync"/> and no Idempotency-Key.</param>
    /// <param name="cancellationToken">Ends the wait for room in the store, and nothing later.</param>
    /// <returns>False where the schedule has another state than expected: neither is stored.</returns>
    Task<bool> TryStartScheduledAsync(string id, byte[]? expected, byte[] state, NewTask task, CancellationToken cancellationToken);

    /// <summary>Gives out an id for a task that is stored later or never; no other task gets it.</summary>
    Task<TaskId> ReserveTaskIdAsync(CancellationToken cancellationToken);
}
