using CloudFunction.AspNetCore.Connections;
using CloudFunction.AspNetCore.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Connections;

public sealed class ConnectionBoundTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(150);

    private readonly FakeTimeProvider _time = new(FakeRuntime.Start);
    private readonly LogLines _log = new();
    private BoundedConnection? _slow;

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task EnterAsync_AllPlacesTaken_LongestIdleConnectionIsCut()
    {
        var bound = New(3);
        var (first, second, third) = (await OpenAsync(bound), await OpenAsync(bound), await OpenAsync(bound));
        Assert.True(first.TryBegin());
        first.End(); // It has been of use just now.

        var entering = bound.EnterAsync(false, default);

        Assert.False(entering.IsCompleted);
        Assert.True(IsAborted(second));
        Assert.False(IsAborted(first) || IsAborted(third));
        await second.DisposeAsync();
        await entering.AsTask().WaitAsync(Bound);
        Assert.Equal(3, bound.Open);
    }

    /// <summary>The request of one that has just come may be in its socket: whoever comes next waits for a moment rather than cut it.</summary>
    [Fact]
    public async Task EnterAsync_AllConnectionsHaveJustCome_NoneIsCutAtOnce()
    {
        var bound = New(2);
        await bound.EnterAsync(false, default);
        var first = bound.Add(new FakeTransport());
        await bound.EnterAsync(false, default);
        var second = bound.Add(new FakeTransport());

        var entering = bound.EnterAsync(false, default).AsTask();

        Assert.False(IsAborted(first) || IsAborted(second) || entering.IsCompleted);
        Assert.True(first.TryBegin());
        await AdvanceUntilAsync(() => IsAborted(second), "None was cut.");
        Assert.False(IsAborted(first));
        await second.DisposeAsync();
        await entering.WaitAsync(Bound);
    }

    [Fact]
    public async Task EnterAsync_EveryConnectionIsBusyAndOneWaitsForItsClient_TakesItsPlace()
    {
        var bound = New(2);
        var (first, second) = (await OpenAsync(bound), await OpenAsync(bound));
        Assert.True(first.TryBegin() && second.TryBegin());
        _slow = second;

        var entering = bound.EnterAsync(false, default).AsTask();

        Assert.Null(_slow);
        Assert.False(entering.IsCompleted);
        second.End();
        await second.DisposeAsync();
        await entering.WaitAsync(Bound);
    }

    [Fact]
    public async Task EnterAsync_EveryConnectionIsBusy_WaitsForTheFirstThatIsNot()
    {
        var bound = New(2);
        var (first, second) = (await OpenAsync(bound), await OpenAsync(bound));
        Assert.True(first.TryBegin() && second.TryBegin());

        var entering = bound.EnterAsync(false, default).AsTask();
        Assert.False(entering.IsCompleted);
        second.End();

        Assert.False(WasAskedToClose(second)); // It may have the next request on its way.
        await AdvanceUntilAsync(() => WasAskedToClose(second), "The connection that came to rest was not asked to close.");
        Assert.False(WasAskedToClose(first) || IsAborted(first) || IsAborted(second));
        await second.DisposeAsync();
        await entering.WaitAsync(Bound);
        Assert.Equal(2, bound.Open);
    }

    [Fact]
    public async Task TryBegin_SomebodyWaits_ConnectionClosesBehindItsAnswer()
    {
        var bound = New(2);
        var (first, second) = (await OpenAsync(bound), await OpenAsync(bound));
        Assert.True(first.TryBegin() && second.TryBegin());
        var entering = bound.EnterAsync(false, default).AsTask();

        Assert.True(first.TryBegin()); // A second stream of HTTP/2.

        Assert.True(WasAskedToClose(first));
        Assert.False(IsAborted(first));
        first.End();
        first.End();
        await first.DisposeAsync();
        await entering.WaitAsync(Bound);
    }

    [Theory]
    [InlineData(2000, 500, false)] // The newcomer is young: whoever has been idle much longer goes.
    [InlineData(500, 100, true)] // Not so much longer: it may go on calling.
    [InlineData(100, 500, true)]
    [InlineData(3000, 1100, true)] // It has had its time, and goes before one that may send another request.
    public async Task EnterAsync_UnusedAndRestingOnes_UnusedGoesOnceItHadItsTime(int restingSince, int unusedSince, bool isUnusedCut)
    {
        var bound = New(2);
        BoundedConnection? unused = null, resting = null;
        var (since, passed) = (new[] { restingSince, unusedSince }, 0);
        foreach (var isUnused in restingSince > unusedSince ? new[] { false, true } : [true, false])
        {
            _time.Advance(TimeSpan.FromMilliseconds(passed));
            passed = since.Max() - since.Min();
            if (isUnused)
            {
                unused = await OpenAsync(bound);
            }
            else
            {
                resting = await OpenAsync(bound);
                resting.TryBegin();
                resting.End();
            }
        }

        _time.Advance(TimeSpan.FromMilliseconds(since.Min()));
        using var stop = new CancellationTokenSource();
        var entering = bound.EnterAsync(false, stop.Token).AsTask();

        Assert.Equal((isUnusedCut, !isUnusedCut), (IsAborted(unused!), WasAskedToClose(resting!)));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entering);
    }

    [Fact]
    public async Task EnterAsync_RestingOneDoesNotClose_IsCutAfterAMoment()
    {
        var bound = New(1);
        var connection = await OpenAsync(bound);
        connection.TryBegin();
        connection.End();
        _time.Advance(Moment);

        var entering = bound.EnterAsync(false, default).AsTask();
        Assert.True(WasAskedToClose(connection));
        Assert.False(IsAborted(connection));
        await AdvanceUntilAsync(() => IsAborted(connection), "The connection was not cut.");

        Assert.False(connection.TryBegin());
        await connection.DisposeAsync();
        await entering.WaitAsync(Bound);
        Assert.Equal(1, bound.Open);
    }

    [Fact]
    public async Task EnterAsync_RequestCameAsItWasAskedToClose_IsAnswered()
    {
        var bound = New(1);
        var connection = await OpenAsync(bound);
        connection.TryBegin();
        connection.End();
        _time.Advance(Moment);
        var entering = bound.EnterAsync(false, default).AsTask();
        Assert.True(WasAskedToClose(connection));

        Assert.True(connection.TryBegin());
        for (var round = 0; round < 300; round++)
        {
            _time.Advance(Moment);
        }

        Assert.False(IsAborted(connection) || entering.IsCompleted);
        connection.End();
        await connection.DisposeAsync();
        await entering.WaitAsync(Bound);
    }

    [Fact]
    public async Task EnterAsync_DescriptorsAreShort_AnotherGoesFirst()
    {
        var bound = New(10);
        await bound.EnterAsync(true, default); // Nobody could go.
        var first = bound.Add(new FakeTransport());
        _time.Advance(Moment);
        var second = await OpenAsync(bound);

        var entering = bound.EnterAsync(true, default).AsTask();

        Assert.True(IsAborted(first));
        Assert.False(IsAborted(second) || entering.IsCompleted);
        await first.DisposeAsync();
        await entering.WaitAsync(Bound);
    }

    [Fact]
    public async Task EnterAsync_NoLongerWanted_LeavesNoTrace()
    {
        var bound = New(1);
        var connection = await OpenAsync(bound);
        connection.TryBegin();
        using (var stop = new CancellationTokenSource())
        {
            var entering = bound.EnterAsync(false, stop.Token).AsTask();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entering);
        }

        connection.End();
        Assert.True(connection.TryBegin());
        Assert.False(WasAskedToClose(connection));
        Assert.Equal(1, bound.Open);
    }

    /// <summary>Any order of arrivals, requests and ends: never more than allowed, nobody cut with a request on it, and everybody comes in in the
    /// end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task EnterAsync_AnyOrderOfEvents_BoundHoldsAndBusyOnesAreSpared(int seed)
    {
        const int Max = 8;
        var random = new Random(seed);
        var bound = New(Max);
        var open = new List<BoundedConnection>();
        Task? entering = null;
        var entered = 0;
        for (var step = 0; step < 5000; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(random.Next(0, 300)));
            var any = open.Count == 0 ? null : open[random.Next(open.Count)];
            var busy = open.FirstOrDefault(connection => connection.Requests > 0);
            switch (random.Next(5))
            {
                case 0 when entering is null:
                    entering = bound.EnterAsync(false, default).AsTask();
                    break;
                case 1 when any is { Requests: < 3 }:
                    any.TryBegin();
                    break;
                case 2:
                    busy?.End();
                    break;
                case 3 when any is { Requests: 0 } && (any.IsLeaving || random.Next(4) == 0):
                    open.Remove(any);
                    await any.DisposeAsync();
                    break;
            }

            if (entering is not null && (entering.IsCompleted || open.Count < Max))
            {
                await entering.WaitAsync(Bound); // With a place free it must come in.
                entering = null;
                entered++;
                open.Add(bound.Add(new FakeTransport()));
            }

            Assert.InRange(open.Count, 0, Max);
            Assert.DoesNotContain(open, connection => IsAborted(connection) && connection.Requests > 0);
        }

        Assert.True(entered > 200, $"Only {entered} came in.");
    }

    [Fact]
    public async Task Notice_ManyAreClosed_OneRecordAMinuteWithTheCounts()
    {
        var bound = New(1);
        for (var round = 0; round < 5; round++)
        {
            await (await OpenAsync(bound)).DisposeAsync();
        }

        Assert.Empty(_log.Lines);
        for (var number = 1; number <= 3; number++)
        {
            var connection = await OpenAsync(bound);
            var entering = bound.EnterAsync(false, default).AsTask();
            await connection.DisposeAsync();
            await entering.WaitAsync(Bound);
            await bound.Add(new FakeTransport()).DisposeAsync();
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains("idle or slow: 3;", Assert.Single(_log.Lines), StringComparison.Ordinal);
        var last = await OpenAsync(bound);
        _ = bound.EnterAsync(false, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(58));
        Assert.Single(_log.Lines);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, _log.Lines.Count);
        Assert.True(IsAborted(last));
    }

    private static bool IsAborted(BoundedConnection connection) => connection.Features.Get<FakeTransport>()!.IsAborted;

    private static bool WasAskedToClose(BoundedConnection connection) =>
        connection.Features.Get<FakeTransport>()!.IsRequested;

    private bool CutSlowest()
    {
        if (_slow is not { } slow)
        {
            return false;
        }

        _slow = null;
        slow.RequestClose();
        return true;
    }

    private ConnectionBound New(int max) => new(max, CutSlowest, _time, new CrowdNotice(max, _time, _log.CreateLogger("test")));

    // Each a little later than the one before.
    private async Task<BoundedConnection> OpenAsync(ConnectionBound bound)
    {
        await bound.EnterAsync(false, default).AsTask().WaitAsync(Bound);
        var connection = bound.Add(new FakeTransport());
        _time.Advance(Moment);
        return connection;
    }

    private async Task AdvanceUntilAsync(Func<bool> condition, string problem)
    {
        using var limit = new CancellationTokenSource(Bound);
        while (!condition())
        {
            Assert.False(limit.IsCancellationRequested, problem);
            _time.Advance(TimeSpan.FromMilliseconds(10));
            await Task.Yield();
        }
    }
}
