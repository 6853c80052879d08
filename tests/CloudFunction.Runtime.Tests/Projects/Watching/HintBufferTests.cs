using CloudFunction.Runtime.Projects.Watching;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

public sealed class HintBufferTests
{
    private readonly HintBuffer _hints = new(static _ => false);

    [Fact]
    public void Take_ManyChangesOfTwoFolders_IsOneBurstEach()
    {
        Add("one/a.txt", 0);
        Add("two/a.txt", 1);
        Add("one/b.txt", 5);
        Add("one", 6);

        var taken = _hints.Take(out var isIncomplete);

        Assert.False(isIncomplete);
        Assert.Equal(["one", "two"], taken.Keys.Order(StringComparer.Ordinal));
        Assert.Equal((0, 6, 5, true), Describe(taken["one"]));
        Assert.Equal((1, 1, 0, false), Describe(taken["two"]));
        Assert.Empty(_hints.Take(out _));
    }

    [Fact]
    public void Take_ChangesWereLost_SaysSoOnce()
    {
        _hints.Lose();

        _hints.Take(out var first);
        _hints.Take(out var second);

        Assert.True(first);
        Assert.False(second);
    }

    [Fact]
    public void Add_MoreFoldersThanAnyHostHas_KeepsABoundAndSaysThatSomeAreLost()
    {
        for (var i = 0; i < 10_050; i++)
        {
            Add($"folder{i}/a.txt", i);
        }

        Assert.Equal(10_000, _hints.Take(out var isIncomplete).Count);
        Assert.True(isIncomplete);
    }

    private static (double First, double Last, double Pause, bool IsOfFolder) Describe(Burst burst) =>
        (burst.First.TotalSeconds, burst.Last.TotalSeconds, burst.LongestPause.TotalSeconds, burst.IsOfFolder);

    private void Add(string path, int seconds) => _hints.Add(path, TimeSpan.FromSeconds(seconds));
}
