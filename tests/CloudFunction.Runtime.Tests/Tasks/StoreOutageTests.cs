using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks;

public sealed class StoreOutageTests
{
    private static readonly TaskStoreException Full = new(TaskStoreFault.Full, "The disk is full.");

    private readonly FakeTimeProvider _time = new();
    private readonly List<string> _log = [];
    private readonly StoreOutage _outage;

    public StoreOutageTests() => _outage = new StoreOutage(_time, _log.Add, () => _log.Add("back"));

    [Fact]
    public async Task UntilDoneAsync_StoreIsDown_TriesEverySecondAndReportsItOnce()
    {
        var tries = 0;
        var done = _outage.UntilDoneAsync(_ => ++tries < 4 ? throw Full : Task.FromResult(tries), default);

        for (var second = 1; second <= 3; second++)
        {
            Assert.Equal((second, false), (tries, done.IsCompleted));
            _time.Advance(StoreOutage.RetryDelay - TimeSpan.FromTicks(1));
            Assert.Equal(second, tries);
            _time.Advance(TimeSpan.FromTicks(1));
            Patience.Until(() => Volatile.Read(ref tries) == second + 1, () => $"{tries} tries");
        }

        Assert.Equal(4, await done.Soon("the store is back"));
        Assert.Equal(["The disk is full."], _log);
    }

    [Fact]
    public async Task UntilDoneAsync_StoreIsClosed_Fails()
    {
        var closed = new TaskStoreException(TaskStoreFault.Closed, "It is closed.");

        var failure = await Assert.ThrowsAsync<TaskStoreException>(
            () => _outage.UntilDoneAsync(_ => Task.FromException(closed), default).Soon("it is not tried again"));

        Assert.Same(closed, failure);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task UntilDoneAsync_CancelledWhileTheStoreIsDown_Ends()
    {
        using var stopping = new CancellationTokenSource();
        var done = _outage.UntilDoneAsync(_ => Task.FromException(Full), stopping.Token);

        await stopping.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => done.Soon("it was cancelled"));
    }

    // A store that fails time and again is not back each time that one of many tries works.
    [Fact]
    public async Task UntilDoneAsync_WorksAfterAFailure_ReportsThatOnlyOnceItHasWorkedForAWhile()
    {
        _outage.Failed(Full);
        _time.Advance(TimeSpan.FromSeconds(10));
        _outage.Failed(Full);
        _time.Advance(TimeSpan.FromSeconds(15) - TimeSpan.FromTicks(1));
        await _outage.UntilDoneAsync(_ => Task.CompletedTask, default);
        Assert.Equal(["The disk is full."], _log);

        _time.Advance(TimeSpan.FromTicks(1));
        await _outage.UntilDoneAsync(_ => Task.CompletedTask, default);
        Assert.Equal(["The disk is full.", "back"], _log);
        _time.Advance(TimeSpan.FromHours(1));
        await _outage.UntilDoneAsync(_ => Task.CompletedTask, default);
        Assert.Equal(["The disk is full.", "back"], _log);

        _outage.Failed(Full);
        Assert.Equal(["The disk is full.", "back", "The disk is full."], _log);
    }
}
