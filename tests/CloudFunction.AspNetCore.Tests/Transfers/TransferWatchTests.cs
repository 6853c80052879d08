using CloudFunction.AspNetCore.Transfers;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Transfers;

public sealed class TransferWatchTests : IDisposable
{
    private static readonly TransferLimits Limits = new(TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(120));

    private readonly FakeTimeProvider _time = new();
    private readonly TransferWatch _watch;

    public TransferWatchTests() => _watch = new TransferWatch(_time);

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void Check_NothingComes_CutsAtTheIdleLimit()
    {
        var transfer = new FakeTransfer("p", Limits);
        _watch.Begin(transfer);

        Pass(seconds: 14);
        Assert.Equal(TransferLimit.None, transfer.Passed);
        Pass(seconds: 2);

        Assert.Equal(TransferLimit.Idle, transfer.Passed);
    }

    [Fact]
    public void Check_BytesTrickle_CutsAtTheTotal()
    {
        var transfer = new FakeTransfer("p", Limits);
        for (var second = 0; second < 119; second += 7)
        {
            _watch.Begin(transfer);
            Pass(seconds: 7);
            _watch.End(transfer);
            transfer.Came(100);
        }

        Assert.Equal(TransferLimit.None, transfer.Passed);
        _watch.Begin(transfer);
        Pass(seconds: 7);

        Assert.Equal(TransferLimit.Total, transfer.Passed);
    }

    // 24 MB are 8 MB in 120 s and 16 MB more at 128 KB/s: 248 s.
    [Theory]
    [InlineData(240, false)]
    [InlineData(255, true)]
    public void Check_MoreThan8MB_HasASecondForEach128KB(int seconds, bool isCut)
    {
        var transfer = new FakeTransfer("p", Limits);
        transfer.Came(24L << 20);
        for (var second = 0; second < seconds; second += 10)
        {
            _watch.Begin(transfer);
            Pass(seconds: Math.Min(10, seconds - second));
            _watch.End(transfer);
        }

        Assert.Equal(isCut ? TransferLimit.Total : TransferLimit.None, transfer.Passed);
    }

    [Fact]
    public void Check_TimeInWhichTheHostWorks_DoesNotCount()
    {
        var transfer = new FakeTransfer("p", Limits);
        for (var call = 0; call < 50; call++)
        {
            _watch.Begin(transfer);
            Pass(seconds: 1);
            _watch.End(transfer);
            Pass(seconds: 60);
        }

        Assert.Equal(TransferLimit.None, transfer.Passed);
        Assert.Equal(0, _watch.Waiting);
    }

    [Fact]
    public void Check_ProgressThatTheServerDoesNotSee_Counts()
    {
        var transfer = new FakeTransfer("p", Limits with { Total = null });
        transfer.IsMoving = true;
        _watch.Begin(transfer);
        Pass(seconds: 300);
        Assert.Equal(TransferLimit.None, transfer.Passed);
        transfer.IsMoving = false;
        Pass(seconds: 16);

        Assert.Equal(TransferLimit.Idle, transfer.Passed);
    }

    [Fact]
    public void CutIdlest_OfAProject_CutsItsOwnThatStandsStillForLongest()
    {
        FakeTransfer[] transfers = [new("other", Limits), new("p", Limits), new("p", Limits)];
        foreach (var transfer in transfers)
        {
            _watch.Begin(transfer);
            Assert.False(_watch.CutIdlest("p")); // Nobody stands still for long enough yet.
            Pass(seconds: 1);
        }

        Assert.True(_watch.CutIdlest("p"));
        Assert.Equal([TransferLimit.None, TransferLimit.Room, TransferLimit.None], transfers.Select(each => each.Passed));
    }

    [Fact]
    public void CutSlowest_SomeStandStill_CutsTheIdlestAndItsConnection()
    {
        FakeTransfer[] transfers = [new("a", Limits), new("b", Limits) { IsMoving = true }];
        Array.ForEach(transfers, _watch.Begin);
        Assert.False(_watch.CutSlowest());
        Pass(seconds: 3);

        Assert.True(_watch.CutSlowest());
        Assert.Equal([(TransferLimit.Room, true), (TransferLimit.None, false)], transfers.Select(each => (each.Passed, each.IsClosed)));
    }

    // A byte now and then is no progress that anybody else should wait for.
    [Theory]
    [InlineData(1, true)]
    [InlineData(200, true)]
    [InlineData(1000, false)]
    public void CutSlowest_AllMove_CutsTheSlowestBelowTheMinimum(int bytesPerSecond, bool isCut)
    {
        FakeTransfer[] transfers = [new("a", Limits), new("b", Limits)];
        for (var second = 0; second < 8; second++)
        {
            Array.ForEach(transfers, _watch.Begin);
            Pass(seconds: 1);
            Array.ForEach(transfers, _watch.End);
            transfers[0].Came(bytesPerSecond);
            transfers[1].Came(1_000_000);
        }

        Array.ForEach(transfers, _watch.Begin);
        Assert.Equal(isCut, _watch.CutSlowest());
        Assert.Equal(isCut ? TransferLimit.Room : TransferLimit.None, transfers[0].Passed);
        Assert.False(_watch.CutSlowest()); // The other one is fast.
    }

    [Fact]
    public void Check_TooManyWaitAtOnce_CutsThoseThatStandStill()
    {
        var moving = Enumerable.Range(0, 500).Select(_ => new FakeTransfer("a", Limits with { Total = null }) { IsMoving = true }).ToArray();
        var still = Enumerable.Range(0, 2000).Select(_ => new FakeTransfer("b", Limits)).ToArray();
        Array.ForEach(moving, _watch.Begin);
        Array.ForEach(still, _watch.Begin);
        Pass(seconds: 5);

        Assert.Equal(2500 - 2048, still.Count(each => each.Passed == TransferLimit.Room));
        Assert.All(moving, each => Assert.Equal(TransferLimit.None, each.Passed));
    }

    private void Pass(int seconds)
    {
        for (var step = 0; step < seconds * 2; step++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
        }
    }

    private sealed class FakeTransfer(string project, TransferLimits limits) : Transfer(project, limits)
    {
        public TransferLimit Passed { get; private set; }

        public bool IsMoving { get; set; }

        public bool IsClosed { get; private set; }

        public void Came(long bytes) => Bytes += bytes;

        public override void Cut(TransferLimit limit) => Passed = Passed == TransferLimit.None ? limit : Passed;

        protected override void CloseConnection() => IsClosed = true;

        protected override bool CheckProgress() => IsMoving;
    }
}
