using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Worker.Session;

namespace CloudFunction.Worker.Tests.Session;

public class LogCreditTests
{
    private readonly LogCredit _credit = new();

    [Fact]
    public void TryTake_NoRoom_GivesUpAndTakesNothing()
    {
        Assert.True(_credit.TryTake(CreditWindows.LogBytes - 10));
        Assert.False(_credit.TryTake(11));
        Assert.True(_credit.TryTake(10));
    }

    [Fact]
    public async Task TryTake_ManyThreadsAndNoRoom_AllGiveUp()
    {
        Assert.True(_credit.TryTake(CreditWindows.LogBytes));
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => _credit.TryTake(1)))).Soon("the threads");
        Assert.All(taken, Assert.False);
        _credit.Grant(CreditWindows.LogBytes);
        Assert.True(_credit.TryTake(CreditWindows.LogBytes));
    }

    [Fact]
    public void TryTake_AfterTheEnd_GivesUp()
    {
        _credit.End();
        Assert.False(_credit.TryTake(1));
    }

    [Fact]
    public void Grant_MoreThanWasTaken_IsAProtocolError()
    {
        Assert.True(_credit.TryTake(10));
        Assert.Throws<ProtocolException>(() => _credit.Grant(11));
    }
}
