using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class DueTasksTests : IDisposable
{
    private static readonly Guid Owner = TestOwners.One.Id;

    private readonly MovedClock _time = new();
    private readonly DueTasks _due;
    private long _lastKey;

    public DueTasksTests() => _due = new DueTasks(_time);

    public void Dispose() => _due.Dispose();

    [Fact]
    public void Count_SeveralFunctions_CountsEachWithItsOldest()
    {
        var (first, second, _) = (Add("p", "f"), Add("p", "g"), Add("p", "f"));
        Add("q", "f", TimeSpan.FromSeconds(1));

        Assert.Equal([new DueCount("p", "f", 2, first), new DueCount("p", "g", 1, second)], _due.Count().OrderBy(due => due.Oldest));
        Claim("p", "f", 2);
        Assert.Equal([new DueCount("p", "g", 1, second)], _due.Count());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["p", "q"], _due.Count().Select(due => due.Project).Order());
    }

    [Fact]
    public void Claim_RoomForSome_TakesTheOldestOfEachFunction()
    {
        var (first, second, third, fourth) = (Add("p", "f"), Add("p", "g"), Add("p", "f"), Add("q", "f"));

        Assert.Equal([first, second], _due.Claim(Owner, [new TaskRoom("p", "f", 1), new TaskRoom("p", "g", 5), new TaskRoom("p", "none", 1)]));
        Assert.Equal([third], Claim("p", "f"));
        Assert.Equal([fourth], Claim("q", "f"));
    }

    [Fact]
    public void Claim_RetriedTask_ComesBeforeYoungerOnes()
    {
        var old = Add("p", "f");
        Assert.Equal([old], Claim("p", "f", 1));
        var young = Add("p", "f");
        _due.Return(old, Owner, TimeSpan.FromSeconds(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([old, young], Claim("p", "f", 2));
    }

    [Fact]
    public void Claim_RemovedTasks_AreSkipped()
    {
        var (ready, delayed, kept) = (Add("p", "f"), Add("p", "f", TimeSpan.FromSeconds(1)), Add("p", "f"));
        _due.Remove(ready);
        _due.Remove(delayed);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal([kept], Claim("p", "f"));
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

        Assert.Empty(Claim("p", "f"));
    }

    // A host that has lost a claim knows nothing of it yet.
    [Fact]
    public void AnyCall_OfAnotherThanItsOwner_LeavesAClaimAsItIs()
    {
        var other = TestOwners.Two.Id;
        var (started, unstarted) = (Add("p", "f"), Add("p", "f"));
        Claim("p", "f");
        _due.Start(started, Owner);
        _due.Start(unstarted, other);
        _due.Return(started, other, TimeSpan.Zero);
        _due.Forget(started, other);
        _due.ForgetUnstarted(unstarted, other);

        Assert.Equal([started, unstarted], _due.ClaimsOf(Owner).Order());
        Assert.Empty(_due.ClaimsOf(other));
        Assert.False(_due.IsClaimed(started, other));
        _due.ForgetUnstarted(started, Owner);
        _due.ForgetUnstarted(unstarted, Owner);
        Assert.Equal([started], _due.ClaimsOf(Owner));
        Assert.Empty(Claim("p", "f"));
    }

    private List<TaskId> Claim(string project, string function, int places = 10) => _due.Claim(Owner, [new TaskRoom(project, function, places)]);

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
