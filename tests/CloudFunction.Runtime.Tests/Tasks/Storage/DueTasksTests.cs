using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class DueTasksTests : IDisposable
{
    private readonly MovedClock _time = new();
    private readonly DueTasks _due;
    private long _lastKey;

    public DueTasksTests() => _due = new DueTasks(_time);

    public void Dispose() => _due.Dispose();

    [Fact]
    public void Claim_OneProjectHasMuchMore_TakesTurnsBetweenProjects()
    {
        var large = Enumerable.Range(0, 100).Select(_ => Add("large", "f")).ToList();
        var small = Enumerable.Range(0, 3).Select(_ => Add("small", "f")).ToList();

        Assert.Equal([large[0], small[0], large[1], small[1], large[2], small[2], large[3], large[4]], _due.Claim(8, new TestGate()));
        Assert.Equal([large[5]], _due.Claim(1, new TestGate()));
    }

    [Fact]
    public void Claim_FunctionsOfAProject_TakesTheOldestWhoseFunctionHasRoom()
    {
        var (first, second, third, fourth) = (Add("p", "f"), Add("p", "g"), Add("p", "f"), Add("p", "g"));

        Assert.Equal([first, second], _due.Claim(10, new TestGate(places: 1)));
        Assert.Equal([fourth], _due.Claim(10, new TestGate { Busy = { "p/f" } }));
        Assert.Equal([third], _due.Claim(10, new TestGate()));
    }

    [Fact]
    public void Claim_RetriedTask_ComesBeforeYoungerOnes()
    {
        var old = Add("p", "f");
        Assert.Equal([old], _due.Claim(1, new TestGate()));
        var young = Add("p", "f");
        _due.Return(old, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([old, young], _due.Claim(2, new TestGate()));
    }

    [Fact]
    public void Claim_RemovedTasks_AreSkippedWithNoPlaceTaken()
    {
        var (ready, delayed, kept) = (Add("p", "f"), Add("p", "f", TimeSpan.FromSeconds(1)), Add("p", "f"));
        _due.Remove(ready);
        _due.Remove(delayed);
        _time.Advance(TimeSpan.FromSeconds(1));
        var gate = new TestGate();

        Assert.Equal([kept], _due.Claim(10, gate));
        Assert.Equal(1, gate.Taken["p/f"]);
    }

    [Fact]
    public async Task WaitAsync_SomethingBecomesDue_CompletesOnceForIt()
    {
        var wait = _due.WaitAsync(CancellationToken.None);
        Add("p", "f", TimeSpan.FromHours(2));
        Add("p", "f", TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));
        await wait.Soon("the shorter delay is over");

        wait = _due.WaitAsync(CancellationToken.None);
        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromHours(1));
        await wait.Soon("the longer delay is over");
    }

    [Fact]
    public async Task WaitAsync_DelayBeyondWhatATimerTakes_CompletesThen()
    {
        var wait = _due.WaitAsync(CancellationToken.None);
        Add("p", "f", TimeSpan.FromDays(100));
        for (var day = 0; day < 99; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.False(wait.IsCompleted);
        _time.Advance(TimeSpan.FromDays(1));
        await wait.Soon("the delay is over");
    }

    [Fact]
    public void Claim_WallClockMoved_ChangesNoDelay()
    {
        Add("p", "f", TimeSpan.FromMinutes(10));
        _time.Moved = TimeSpan.FromHours(1);

        Assert.Empty(_due.Claim(1, new TestGate()));
    }

    private TaskId Add(string project, string function, TimeSpan delay = default)
    {
        var id = new TaskId(++_lastKey, 0);
        _due.Add(new Waiting(project, function, id, delay));
        return id;
    }

    // The fake clock moves both of its clocks at once.
    private sealed class MovedClock : FakeTimeProvider
    {
        public TimeSpan Moved { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Moved;

        public override long GetTimestamp() => base.GetTimestamp() - Moved.Ticks; // The base takes it from the wall clock.
    }
}
