using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Projects;

public sealed class ProjectGatesTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DeadlineSweep _sweep;
    private readonly ProjectGates _gates;
    private int _wanted;

    public ProjectGatesTests()
    {
        _sweep = new DeadlineSweep(_time);
        _gates = new ProjectGates(new GateLimits(Running: 4, Waiting: 3), _sweep, () => _wanted++);
    }

    public void Dispose()
    {
        _gates.Dispose();
        _sweep.Dispose();
    }

    [Fact]
    public async Task Project_BeforeAnyWorkerIsReady_HoldsItsCallsAndReportsThem()
    {
        var waiting = EnterAsync(_gates.Project);

        Assert.Equal((false, 1), (waiting.IsCompleted, _wanted));
        _gates.Project.Open();
        Assert.Null(await waiting.Soon("the project serves"));
    }

    // Who sends slowly fills neither the places nor the waits.
    [Fact]
    public void Bodies_AsManyAsCome_TakeHalfOfThePlacesAndHalfOfTheWaits()
    {
        Assert.All(Enumerable.Range(0, 2), _ => Assert.True(_gates.Bodies.TryEnter()));
        var waiting = Enumerable.Range(0, 3).Select(_ => EnterAsync(_gates.Bodies)).ToList();

        Assert.Equal([false, false, true], waiting.Select(wait => wait.IsCompleted));
        var calls = Enumerable.Range(0, 4).Select(_ => EnterAsync(_gates.Project)).ToList();
        Assert.Equal([false, false, false, true], calls.Select(call => call.IsCompleted));
    }

    [Fact]
    public void TargetOf_FunctionThatLimitsItself_HasPlacesOfItsOwnThatAreKeptOverVersions()
    {
        var target = TargetOf("pay", 1);

        Assert.Equal((_gates.Project, TimeSpan.FromSeconds(9), 5), (target.ProjectGate, target.Timeout, target.MaxAttempts));
        Assert.Same(target.FunctionGate, TargetOf("pay", 1).FunctionGate);
        Assert.NotSame(target.FunctionGate, TargetOf("pay", 2).FunctionGate);
        Assert.NotSame(target.FunctionGate, TargetOf("mail", 1).FunctionGate);
        Assert.True(target.FunctionGate!.TryEnter());
        Assert.False(target.FunctionGate.TryEnter());
        Assert.True(target.BodyGate!.TryEnter()); // One at the least.
        Assert.False(target.BodyGate.TryEnter());
        Assert.Equal((null, null), (TargetOf("free", null).FunctionGate, TargetOf("free", null).BodyGate));
    }

    // Until when calls wait is watched for as long as the project is there, and no longer.
    [Fact]
    public async Task Dispose_CallsWait_AreWatchedNoMore()
    {
        var target = TargetOf("pay", 1);
        ConcurrencyGate[] gates = [_gates.Project, _gates.Bodies, target.FunctionGate!, target.BodyGate!];
        _gates.Project.Open();
        foreach (var gate in gates)
        {
            while (gate.TryEnter())
            {
                // Until it is full.
            }
        }

        var watched = EnterAsync(_gates.Project);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RejectionReason.WaitTooLong, (await watched.Soon("its time is over"))!.Reason);
        _gates.Dispose();
        using var other = new ProjectGates(new GateLimits(1, 1), _sweep, () => { });
        var forgotten = gates.Select(EnterAsync).ToList();
        var seen = EnterAsync(other.Project);
        _time.Advance(TimeSpan.FromSeconds(1));

        await seen.Soon("the time of another project's call is over");
        Assert.All(forgotten, wait => Assert.False(wait.IsCompleted));
        Assert.All(gates, gate => gate.EndOverdue(_time.GetTimestamp()));
    }

    private Task<Rejection?> EnterAsync(ConcurrencyGate gate) => gate.EnterAsync(_time.GetTimestamp() + _time.TimestampFrequency, default).AsTask();

    private FunctionTarget TargetOf(string function, int? limit) => _gates.TargetOf(
        new DeployedFunction(function, null, "unary", null, limit, 5, default, default), 1, TimeSpan.FromSeconds(9), new Unrecorded());

    private sealed class Unrecorded : ICallRecorder
    {
        public void Dispatched(DateTimeOffset time)
        {
            // Nothing is counted.
        }

        public void Ended(UInt128 id, string? traceParent, InvocationOutcome outcome, InvocationError? error, TimeSpan duration)
        {
            // Nothing is counted.
        }
    }
}
