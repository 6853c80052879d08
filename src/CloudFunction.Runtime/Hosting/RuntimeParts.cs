using CloudFunction.Runtime.Hosting.Parts;

namespace CloudFunction.Runtime.Hosting;

/// <summary>What starts with the host, from first to last; it stops from last to first.</summary>
internal sealed class RuntimeParts(
    DataDirectoryPart dataDirectory,
    StoresPart stores,
    LeasesPart leases,
    CallbacksPart callbacks,
    WorkersPart workers,
    SchedulesPart schedules,
    ProjectsPart projects,
    TasksPart tasks,
    CleanupPart cleanup,
    ScheduleRunsPart scheduleRuns,
    ShutdownLimitPart shutdownLimit)
{
    /// <summary>All parts, in the order of their start.</summary>
    public IReadOnlyList<IRuntimePart> InOrder { get; } =
    [
        dataDirectory, // The settings are reported, the folders made and taken for this host alone.
        stores, // What an earlier host has kept is read.
        leases, // What this host claims in them stays its own until nothing runs any more.
        callbacks, // They need the stores alone, and go on while the last tasks and workers end.
        workers, // Processes may start.
        schedules, // Before projects, whose functions add theirs.
        projects, // Their calls are taken from here on and wait for their workers.
        tasks,
        cleanup,
        scheduleRuns, // Once projects are known: what is due finds its function.
        shutdownLimit,
    ];
}
