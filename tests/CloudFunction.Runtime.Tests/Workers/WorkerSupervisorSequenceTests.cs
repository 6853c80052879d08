using CloudFunction.Runtime.Workers;

namespace CloudFunction.Runtime.Tests.Workers;

/// <summary>Whatever happens, in whatever order: no pool has too many workers, every process ends, everybody who waits gets an answer.</summary>
public class WorkerSupervisorSequenceTests
{
    private const int Steps = 250;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Events_InRandomOrder_LeaveNoWorkerTooManyAndNobodyWaiting(int seed)
    {
        var host = await SupervisorUnderTest.StartAsync(options =>
        {
            options.StandbyWorkers = seed % 3;
            options.IdleTimeout = TimeSpan.FromSeconds(seed % 2 * 3);
            options.NotifyTimeout = TimeSpan.FromSeconds(10);
        });
        host.Runner.NeedsOwn = static pool => pool.Deployment.Version % 4 == 0;
        var sequence = new SupervisorSequence(host, seed);
        for (var step = 0; step < Steps; step++)
        {
            await sequence.StepAsync();
        }

        await sequence.CalmDownAsync();
        await sequence.EndAsync();
        await host.DisposeAsync();

        Assert.Empty(host.Runner.Running);
        Assert.Empty(host.Supervisor.Workers);
        Assert.All(host.Runner.Processes, static process => Assert.True(process.Worker.State is WorkerState.Stopped or WorkerState.Crashed));
    }
}
