using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Hosting;

/// <summary>The host's state at one moment.</summary>
/// <param name="StartedAt">When the host started.</param>
/// <param name="Uptime">How long ago that was.</param>
/// <param name="ActiveProjects">Projects that run.</param>
/// <param name="TotalFunctions">Functions of all serving deployments.</param>
/// <param name="MemoryBytes">Resident memory of the host and all its workers.</param>
/// <param name="Workers">All workers, those on standby included.</param>
internal sealed record RuntimeStatus(
    DateTimeOffset StartedAt, TimeSpan Uptime, int ActiveProjects, int TotalFunctions, long MemoryBytes, IReadOnlyList<WorkerInfo> Workers);
