using System.Threading.Channels;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.Supervision;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Workers that no supervisor knows.</summary>
internal static class Handles
{
    public static WorkerHandle Create(string id, WorkerPool? pool, WorkerState state = WorkerState.Ready) =>
        new(new WorkerEndpoint("", id, ""), pool, DateTimeOffset.UnixEpoch, Channel.CreateUnbounded<SupervisorEvent>().Writer, new RecordingSink())
        {
            State = state,
        };
}
