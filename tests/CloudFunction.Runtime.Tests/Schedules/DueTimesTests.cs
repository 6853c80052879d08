using CloudFunction.Runtime.Schedules;

namespace CloudFunction.Runtime.Tests.Schedules;

public sealed class DueTimesTests
{
    private static readonly DateTimeOffset Three = new(2026, 1, 2, 3, 0, 0, TimeSpan.Zero);

    /// <summary>What is due after a time is not due at it; what is due until another is due at it too.</summary>
    [Theory]
    [InlineData(0, 9, null)]
    [InlineData(0, 10, 10)]
    [InlineData(0, 19, 10)]
    [InlineData(0, 20, 20)]
    [InlineData(10, 20, 20)]
    [InlineData(20, 20, null)]
    [InlineData(0, 100_000, 100_000)]
    public void LastWithin_BothEnds_AreAsTheyAreNamed(int after, int until, int? last) => Assert.Equal(
        last is { } minutes ? Three.AddMinutes(minutes) : null,
        DueTimes.LastWithin(new EveryTen(), Three.AddMinutes(after), Three.AddMinutes(until)));
}
