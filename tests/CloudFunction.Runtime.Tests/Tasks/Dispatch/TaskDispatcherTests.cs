using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Dispatch;
using CloudFunction.Runtime.Tests.Invocations;
using CloudFunction.Runtime.Tests.Tasks.Storage;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

public sealed class TaskDispatcherTests
{
    // Guards a cancel that reached nobody: the end of the attempt before took away what the running one is found by.
    [Fact]
    public async Task Cancel_TaskRunsAgainBeforeItsAttemptBeforeIsOver_ReachesTheFunction()
    {
        await using var stored = new TaskStoreUnderTest();
        using var under = new RouterUnderTest(); // Its time stands still, so that no time limit cancels what the caller does not.
        var worker = under.AddWorker();
        var store = new LateAnswers(stored.Store);
        using var dispatcher = new TaskDispatcher(
            store, TestOwners.One, under.Router, stored.Bodies, TimeProvider.System, new RecordingLogger<TaskDispatcher>());
        using var stopping = new CancellationTokenSource();
        var running = dispatcher.RunAsync(stopping.Token);
        var id = await stored.AddAsync(function: "greet", maxAttempts: 1);
        worker.Fail(worker.NextCall().Stream, FailureCode.FunctionFailed);
        await BecomesAsync(stored, id, FunctionTaskStatus.Failed).Soon("the first attempt fails");
        Assert.Equal(RerunOutcome.Queued, await store.RerunAsync(id, CancellationToken.None));
        var again = worker.NextCall();

        store.Release.SetResult();
        Patience.Until(() => dispatcher.Running == 1, () => $"{dispatcher.Running} run");
        Assert.Equal(CancelOutcome.Requested, await store.CancelAsync(id, CancellationToken.None));

        Assert.Equal(again.Stream, worker.Peer.Next(FrameType.Cancel).StreamId);
        worker.Fail(again.Stream, FailureCode.Cancelled);
        await BecomesAsync(stored, id, FunctionTaskStatus.Cancelled).Soon("the task is cancelled");
        await stopping.CancelAsync();
        await running.Soon("the dispatcher ends");
    }

    // A claim that was taken after the lease was lost is whole: its task runs again, and is not cancelled.
    [Fact]
    public async Task LoseClaims_TaskRuns_IsCutAndRunsAgain()
    {
        await using var stored = new TaskStoreUnderTest();
        using var under = new RouterUnderTest();
        var worker = under.AddWorker();
        using var dispatcher = new TaskDispatcher(
            stored.Store, TestOwners.One, under.Router, stored.Bodies, TimeProvider.System, new RecordingLogger<TaskDispatcher>());
        using var stopping = new CancellationTokenSource();
        var running = dispatcher.RunAsync(stopping.Token);
        var id = await stored.AddAsync(function: "greet", maxAttempts: 1);
        var call = worker.NextCall();

        dispatcher.LoseClaims();

        Assert.Equal(call.Stream, worker.Peer.Next(FrameType.Cancel).StreamId);
        worker.Fail(call.Stream, FailureCode.Cancelled);
        await BecomesAsync(stored, id, FunctionTaskStatus.Retrying).Soon("it waits to run again");
        await stopping.CancelAsync();
        await running.Soon("the dispatcher ends");
    }

    private static async Task BecomesAsync(TaskStoreUnderTest stored, TaskId id, FunctionTaskStatus status)
    {
        while (await stored.StatusOfAsync(id) != status)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5));
        }
    }
}
