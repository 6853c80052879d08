using CloudFunction.Runtime.Workers.Supervision;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Workers.Supervision;

public class CrashHistoryTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Record_OneAfterTheOther_WaitsLongerEachTimeAndThenGivesUp()
    {
        var history = new CrashHistory(_time);
        var delays = Enumerable.Range(0, CrashHistory.MaxCrashes).Select(_ => history.Record()?.TotalMilliseconds).ToArray();
        Assert.Equal([0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, null], delays);
    }

    [Fact]
    public void Record_OldOnesAreOutOfTheWindow_BeginsAnew()
    {
        var history = new CrashHistory(_time);
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(TimeSpan.Zero, history.Record());
            _time.Advance(CrashHistory.Window + TimeSpan.FromTicks(1));
        }
    }

    [Fact]
    public void Record_NineWithinTheWindow_AreNotTooMany()
    {
        var history = new CrashHistory(_time);
        for (var i = 0; i < 100; i++)
        {
            Assert.NotNull(history.Record());
            _time.Advance(CrashHistory.Window / 9 + TimeSpan.FromMilliseconds(1));
        }
    }
}
