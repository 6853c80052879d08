using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Invocations;

public sealed class FunctionTargetTests : IDisposable
{
    private readonly DeadlineSweep _sweep = new(new FakeTimeProvider());
    private readonly ConcurrencyGate _project;
    private readonly ConcurrencyGate _function;
    private readonly FunctionTarget _target;
    private int _woken;

    public FunctionTargetTests()
    {
        var queue = new QueueBudget(3);
        _project = new ConcurrencyGate(2, "places", queue, _sweep);
        _function = new ConcurrencyGate(1, "places of the function", queue, _sweep);
        var counters = new FunctionCounters(new FunctionState(DateTimeOffset.UnixEpoch, null, 0), new DirtyFlag());
        _target = new FunctionTarget(1, "pay", TimeSpan.FromSeconds(10), _project, _function, new FunctionRecorder(counters, null));
    }

    public void Dispose() => _sweep.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryEnter_PlacesOfBoth_TakesOneOfEachAndExitGivesThemBack(bool asks)
    {
        Assert.True(TryEnter(asks));
        Assert.Equal((1, 1), (_function.Running, _project.Running));
        _target.Exit();
        Assert.Equal((0, 0), (_function.Running, _project.Running));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryEnter_ProjectIsFull_TakesNoPlaceOfTheFunction(bool asks)
    {
        Fill(_project);

        Assert.False(TryEnter(asks));
        Assert.Equal(0, _function.Running);
        _project.Exit();
        Assert.Equal(asks ? 1 : 0, _woken);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TryEnter_FunctionIsFull_TakesNoPlaceOfTheProject(bool asks)
    {
        Fill(_function);

        Assert.False(TryEnter(asks));
        Assert.Equal(0, _project.Running);
        _function.Exit();
        Assert.Equal(asks ? 1 : 0, _woken);
    }

    private static void Fill(ConcurrencyGate gate)
    {
        while (gate.TryEnter())
        {
            // Until it is full.
        }
    }

    private bool TryEnter(bool asks) => asks ? _target.TryEnter(() => _woken++) : _target.TryEnter();
}
