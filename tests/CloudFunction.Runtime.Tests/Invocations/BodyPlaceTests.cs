using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Invocations;

public sealed class BodyPlaceTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DeadlineSweep _sweep;
    private readonly ConcurrencyGate _project;
    private readonly ConcurrencyGate _function;

    public BodyPlaceTests()
    {
        _sweep = new DeadlineSweep(_time);
        var queue = new QueueBudget(3);
        _project = new ConcurrencyGate(3, "places", queue, _sweep);
        _function = new ConcurrencyGate(1, "places of the function", queue, _sweep);
    }

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public async Task Enter_TheFunctionIsFull_WaitsAndHoldsNothingOfTheProject()
    {
        var first = new BodyPlace(_project, _function);
        Assert.Null(await first.EnterAsync(In(10), default));
        var second = new BodyPlace(_project, _function);

        var waiting = second.EnterAsync(In(10), default).AsTask();

        Assert.False(waiting.IsCompleted);
        Assert.Null(await new BodyPlace(_project, null).EnterAsync(In(10), default));
        Assert.Equal((1, 2), (_function.Running, _project.Running));
        first.Exit();
        Assert.Null(await waiting.Soon("the second place"));
    }

    [Fact]
    public async Task Enter_TheProjectIsFullUntilTheDeadline_GivesBackThePlaceOfTheFunction()
    {
        for (var place = 0; place < 3; place++)
        {
            Assert.True(_project.TryEnter());
        }

        var waiting = new BodyPlace(_project, _function).EnterAsync(In(10), default).AsTask();
        _project.EndOverdue(In(11));

        Assert.Equal(RejectionReason.WaitTooLong, (await waiting.Soon("the refusal"))!.Reason);
        Assert.Equal((0, 3), (_function.Running, _project.Running));
    }

    [Fact]
    public async Task Exit_MoreThanOnce_GivesThePlacesBackOnce()
    {
        var place = new BodyPlace(_project, _function);
        Assert.Null(await place.EnterAsync(In(10), default));
        place.Exit();
        place.Exit();

        Assert.Equal((0, 0), (_function.Running, _project.Running));
    }

    private long In(int seconds) => _time.GetTimestamp() + (seconds * _time.TimestampFrequency);
}
