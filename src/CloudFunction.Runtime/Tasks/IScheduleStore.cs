namespace CloudFunction.Runtime.Tasks;

/// <summary>Where the state of schedules is kept, beside the tasks that they make. Thread safe. Fails with <see cref="TaskStoreException"/>, and has changed nothing then.</summary>
internal interface IScheduleStore
{
    /// <summary>All states, as JSON by the schedules' ids.</summary>
    Task<IReadOnlyList<KeyValuePair<string, byte[]>>> ReadSchedulesAsync(CancellationToken cancellationToken);

    /// <summary>Stores a schedule's state.</summary>
    Task SaveScheduleAsync(string id, ReadOnlyMemory<byte> state, CancellationToken cancellationToken);

    /// <summary>Stores a task and the state of the schedule that makes it, both or neither: so a run is neither lost nor doubled, whenever the host ends.</summary>
    /// <param name="id">The schedule.</param>
    /// <param name="task">The task.</param>
    /// <param name="state">Gives the state that follows from the task's id. Called on any thread, perhaps more than once, and must not block.</param>
    /// <param name="cancellationToken">Ends the wait for room in the store, and nothing later.</param>
    Task<TaskId> StartScheduledAsync(string id, NewTask task, Func<TaskId, byte[]> state, CancellationToken cancellationToken);

    /// <summary>Forgets a schedule's state.</summary>
    Task DeleteScheduleAsync(string id, CancellationToken cancellationToken);
}
