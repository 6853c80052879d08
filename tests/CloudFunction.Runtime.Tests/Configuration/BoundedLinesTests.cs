using CloudFunction.Runtime.Configuration;

namespace CloudFunction.Runtime.Tests.Configuration;

public sealed class BoundedLinesTests
{
    [Fact]
    public void Shown_UpToTwenty_IsAllOfThem()
    {
        var lines = Add(20);

        Assert.Equal(20, lines.Shown.Count);
        Assert.Equal("20", lines.Shown[^1]);
        Assert.True(lines is { Any: true, IsFull: true });
    }

    [Fact]
    public void Shown_More_IsTheFirstOnesAndHowManyMore() =>
        Assert.Equal(["1", "20", "… and 999980 more."], Add(1_000_000).Shown.Where((_, i) => i is 0 or >= 19));

    [Fact]
    public void Any_None_IsFalse() => Assert.False(Add(0).Any);

    [Fact]
    public void Add_ManyLongLines_KeepsFewOfThem()
    {
        var (lines, line) = (new BoundedLines(), new string('x', 1000));
        lines.Add(line);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 100_000; i++)
        {
            lines.Add(line);
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    private static BoundedLines Add(int count)
    {
        var lines = new BoundedLines();
        for (var i = 1; i <= count; i++)
        {
            lines.Add(i.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        return lines;
    }
}
