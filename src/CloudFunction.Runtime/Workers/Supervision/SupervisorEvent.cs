using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Workers.Supervision;

/// <summary>What happens to workers, and what is asked for them. <see cref="SupervisorLoop"/> handles one after the other.</summary>
internal abstract record SupervisorEvent
{
    private SupervisorEvent()
    {
    }

    /// <summary>The host has started.</summary>
    public sealed record Started : SupervisorEvent;

    /// <summary>Time has passed.</summary>
    public sealed record Ticked : SupervisorEvent;

    /// <summary>A worker has shown its secret and knows its limits.</summary>
    public sealed record Connected(WorkerHandle Worker) : SupervisorEvent;

    /// <summary>A worker has loaded its deployment.</summary>
    public sealed record Loaded(WorkerHandle Worker, ReadyMessage Ready) : SupervisorEvent;

    /// <summary>A worker cannot load its deployment.</summary>
    public sealed record LoadFailed(WorkerHandle Worker, LoadFailedMessage Failure) : SupervisorEvent;

    /// <summary>A function of a worker ignores its token.</summary>
    public sealed record Stuck(WorkerHandle Worker) : SupervisorEvent;

    /// <summary>A worker's connection has ended.</summary>
    public sealed record ConnectionEnded(WorkerHandle Worker, ConnectionEnd End) : SupervisorEvent;

    /// <summary>A worker's process has ended, or none could be started.</summary>
    public sealed record Exited(WorkerHandle Worker, WorkerExit Exit) : SupervisorEvent;

    /// <summary>A pool is to have its workers.</summary>
    public sealed record PoolAdded(WorkerPool Pool) : SupervisorEvent;

    /// <summary>From now on these pools serve their project's calls.</summary>
    public sealed record PoolsServe(ServingPools Serving) : SupervisorEvent;

    /// <summary>A pool is to end; its calls may finish within the grace.</summary>
    public sealed record PoolRetired(WorkerPool Pool, TimeSpan Grace, string Reason, Rejection? Rejection) : SupervisorEvent;

    /// <summary>The calls of a retired pool have no more than this left.</summary>
    public sealed record DrainShortened(WorkerPool Pool, TimeSpan Grace) : SupervisorEvent;

    /// <summary>A call waits for pools that may be asleep.</summary>
    public sealed record WakeAsked(ServingPools Serving) : SupervisorEvent;

    /// <summary>Pools are to sleep, where nobody calls them.</summary>
    public sealed record SleepAsked(ServingPools Serving) : SupervisorEvent;

    /// <summary>Workers on standby have an environment that no longer holds.</summary>
    public sealed record StandbyOutdated : SupervisorEvent;

    /// <summary>All workers are to send log records from this level on.</summary>
    public sealed record LogLevelSet(LogLevel Level) : SupervisorEvent;

    /// <summary>The host stops: all workers are to end.</summary>
    /// <param name="Ended">Ends with the last one.</param>
    public sealed record StopAsked(TaskCompletionSource Ended) : SupervisorEvent;
}
