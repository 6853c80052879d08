using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tests.Invocations;
using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

public class WorkerPoolTests
{
    [Fact]
    public async Task Refresh_OpensHoldsAndClosesTheGateAsItsWorkersComeAndGo()
    {
        using var router = new RouterUnderTest();
        router.Pool.Refresh();
        Assert.False(router.Gate.TryEnter());
        router.AddWorker();
        Assert.True(router.Gate.TryEnter());
        router.Pool.Members[0].State = WorkerState.Draining;
        router.Pool.Refresh();
        Assert.False(router.Gate.TryEnter());
        Assert.Null(router.Pool.Pick());
        router.Pool.Unhealthy = Rejection.Unhealthy("sick");
        router.Pool.Refresh();
        Assert.Equal(RejectionReason.Unhealthy, (await router.Gate.EnterAsync(long.MaxValue, default))!.Reason);
    }

    [Fact]
    public async Task Pick_SeveralWorkers_TakesTheLeastBusy()
    {
        using var router = new RouterUnderTest();
        var workers = new[] { router.AddWorker(), router.AddWorker(), router.AddWorker() };
        var calls = Enumerable.Range(0, 9).Select(_ => router.InvokeAsync()).ToArray();
        Assert.All(workers, w => Assert.Equal(3, w.Connection.InFlight));
        foreach (var worker in workers)
        {
            for (var i = 0; i < 3; i++)
            {
                worker.Answer(worker.NextCall().Stream, "1");
            }
        }

        foreach (var call in calls)
        {
            (await call).Dispose();
        }
    }
}
