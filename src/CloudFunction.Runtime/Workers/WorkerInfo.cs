namespace CloudFunction.Runtime.Workers;

/// <summary>What is known of a worker at one moment.</summary>
/// <param name="Id">The host's own name for it.</param>
/// <param name="Pid">Its process id; 0 until the process runs.</param>
/// <param name="Project">Whose deployment it runs; null while on standby.</param>
/// <param name="Version">Which deployment; null while on standby.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="InFlight">Invocations dispatched to it that it has not ended.</param>
/// <param name="MemoryBytes">Resident memory at its last report; 0 until the first.</param>
/// <param name="StartedAt">When the process was started.</param>
internal sealed record WorkerInfo(
    string Id, int Pid, string? Project, int? Version, WorkerState State, int InFlight, long MemoryBytes, DateTimeOffset StartedAt);
