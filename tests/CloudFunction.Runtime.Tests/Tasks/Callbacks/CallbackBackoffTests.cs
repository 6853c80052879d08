using CloudFunction.Runtime.Tasks.Callbacks;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

public sealed class CallbackBackoffTests
{
    [Fact]
    public void DelayAfter_AllTries_AreEightOverAboutADay()
    {
        var random = new Random(1);
        var delays = Enumerable.Range(1, 100).Select(attempt => CallbackBackoff.DelayAfter(attempt, null, random)).ToList();

        Assert.Equal(CallbackBackoff.MaxTries, delays.TakeWhile(delay => delay is not null).Count() + 1);
        Assert.Equal(8, CallbackBackoff.MaxTries);
        Assert.InRange(delays.Sum(delay => delay?.TotalHours ?? 0), 18, 30);
    }

    [Fact]
    public void DelayAfter_OneTry_Jitters()
    {
        var random = new Random(1);
        var seconds = Enumerable.Range(0, 1000).Select(_ => CallbackBackoff.DelayAfter(1, null, random)!.Value.TotalSeconds).ToList();

        Assert.All(seconds, delay => Assert.InRange(delay, 8, 12));
        Assert.True(seconds.Max() - seconds.Min() > 3, $"{seconds.Min()} to {seconds.Max()}");
    }

    [Theory]
    [InlineData(1, 90, 90)]
    [InlineData(1, 7 * 3600, 6 * 3600)]
    [InlineData(1, int.MaxValue, 6 * 3600)]
    public void DelayAfter_AReceiverThatAsksForTime_GetsItWithinABound(int attempt, int asked, int seconds) =>
        Assert.Equal(seconds, CallbackBackoff.DelayAfter(attempt, TimeSpan.FromSeconds(asked), new Random(1))!.Value.TotalSeconds);
}
