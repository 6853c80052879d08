using System.Diagnostics;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.Supervision;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Workers.Supervision;

public class WorkerLifecycleTests
{
    // Starting to Standby, and so on; and from any but the last two to Crashed.
    private static readonly HashSet<(WorkerState From, WorkerState To)> Arrows =
    [
        (WorkerState.Starting, WorkerState.Standby),
        (WorkerState.Standby, WorkerState.Loading),
        (WorkerState.Loading, WorkerState.Ready),
        (WorkerState.Starting, WorkerState.Draining),
        (WorkerState.Standby, WorkerState.Draining),
        (WorkerState.Loading, WorkerState.Draining),
        (WorkerState.Ready, WorkerState.Draining),
        (WorkerState.Draining, WorkerState.Stopped),
        (WorkerState.Starting, WorkerState.Crashed),
        (WorkerState.Standby, WorkerState.Crashed),
        (WorkerState.Loading, WorkerState.Crashed),
        (WorkerState.Ready, WorkerState.Crashed),
        (WorkerState.Draining, WorkerState.Crashed),
    ];

    [Fact]
    public void Move_EachPairOfStates_IsAllowedAlongTheArrowsAlone()
    {
        var time = new FakeTimeProvider();
        var lifecycle = new WorkerLifecycle(time, new RecordingLogger<WorkerLifecycle>());
        foreach (var from in Enum.GetValues<WorkerState>())
        {
            foreach (var to in Enum.GetValues<WorkerState>())
            {
                time.Advance(TimeSpan.FromSeconds(1));
                var worker = Handles.Create("w1", null, from);
                var isMoved = Record.Exception(() => lifecycle.Move(worker, to)) switch
                {
                    null => true,
                    UnreachableException => false,
                    var other => throw other,
                };

                Assert.True(isMoved == Arrows.Contains((from, to)), $"{from} to {to}: {isMoved}.");
                Assert.Equal(isMoved ? (to, time.GetTimestamp()) : (from, 0), (worker.State, worker.StateSince));
            }
        }
    }
}
