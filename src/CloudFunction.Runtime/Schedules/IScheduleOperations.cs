namespace CloudFunction.Runtime.Schedules;

/// <summary>
/// What operators can do with schedules. Thread safe; every change is on disk once its task completes. All of it may fail with
/// <see cref="Tasks.TaskStoreException"/>, and has changed nothing then.
/// </summary>
internal interface IScheduleOperations
{
    /// <summary>All schedules, by their ids.</summary>
    IReadOnlyList<ScheduleInfo> List();

    /// <summary>One of them; null where there is none.</summary>
    ScheduleInfo? Find(string id);

    /// <summary>Takes in one that was made by the API; refused with <see cref="ScheduleRefusal.Conflict"/> where its id is taken, with the
    /// rejection where there is no such function.</summary>
    Task<ScheduleChange> AddAsync(ScheduleDefinition definition, CancellationToken cancellationToken);

    /// <summary>Deletes one that was made by the API; those of the file and of functions are refused with
    /// <see cref="ScheduleRefusal.Conflict"/>: they are removed where they are written.</summary>
    Task<ScheduleChange> DeleteAsync(string id, CancellationToken cancellationToken);

    /// <summary>Pauses one; a paused one stays so over restarts. What is paused already stays as it is.</summary>
    Task<ScheduleChange> PauseAsync(string id, CancellationToken cancellationToken);

    /// <summary>Lets a paused one go on from now: what was due meanwhile was not missed.</summary>
    Task<ScheduleChange> ResumeAsync(string id, CancellationToken cancellationToken);

    /// <summary>Runs one now, whether paused or not, and whatever its overlap policy is.</summary>
    Task<ScheduleChange> RunAsync(string id, CancellationToken cancellationToken);
}
