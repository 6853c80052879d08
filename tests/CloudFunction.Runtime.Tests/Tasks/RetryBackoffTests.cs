using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks;

public sealed class RetryBackoffTests
{
    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 4)]
    [InlineData(3, 8)]
    [InlineData(8, 256)]
    [InlineData(9, 300)]
    [InlineData(int.MaxValue, 300)]
    public void DelayAfter_EachAttempt_LiesBetweenHalfAndAllOfTheDoubledTime(int attempt, int seconds)
    {
        var random = new Random(1);
        var delays = Enumerable.Range(0, 1000).Select(_ => RetryBackoff.Standard.DelayAfter(attempt, random).TotalSeconds).ToList();

        Assert.All(delays, delay => Assert.InRange(delay, seconds / 2.0, seconds));
        Assert.True(delays.Max() - delays.Min() > seconds / 4.0, $"{delays.Min()} to {delays.Max()}");
    }
}
