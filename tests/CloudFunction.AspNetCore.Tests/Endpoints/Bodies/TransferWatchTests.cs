using CloudFunction.AspNetCore.Endpoints.Bodies;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.AspNetCore.Tests.Endpoints.Bodies;

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

        public void Came(long bytes) => Bytes += bytes;

        public override void Cut(TransferLimit limit) => Passed = Passed == TransferLimit.None ? limit : Passed;

        protected override bool HasProgress() => IsMoving;
    }
}
