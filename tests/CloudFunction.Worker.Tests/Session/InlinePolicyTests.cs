using System.Diagnostics;
using CloudFunction.Worker.Session;

namespace CloudFunction.Worker.Tests.Session;

public class InlinePolicyTests
{
    private static readonly long Quick = Stopwatch.Frequency / 100_000;
    private static readonly long Medium = Stopwatch.Frequency / 5_000;
    private static readonly long Slow = Stopwatch.Frequency / 100;

    private readonly InlinePolicy _policy = new();

    [Fact]
    public void RunInline_OnlyAfterAFewQuickRuns()
    {
        Assert.Equal(4, RunsUntilInline());
    }

    [Fact]
    public void RunInline_AfterASlowRun_MustBeEarnedForLongerEachTime()
    {
        RunsUntilInline();
        _policy.Record(Slow);
        Assert.Equal(16, RunsUntilInline());
        _policy.Record(Slow);
        Assert.Equal(64, RunsUntilInline());
    }

    [Fact]
    public void RunInline_SlowWhileNotTrusted_CostsNoLongerProbation()
    {
        for (var i = 0; i < 100; i++)
        {
            _policy.Record(Slow);
        }

        Assert.Equal(4, RunsUntilInline());
    }

    [Fact]
    public void RunInline_MostlyNotQuick_Stops()
    {
        RunsUntilInline();
        _policy.Record(Medium);
        Assert.False(_policy.RunInline);
        Assert.Equal(2, RunsUntilInline());
    }

    [Fact]
    public void RunInline_BrokenAgainAndAgain_CanStillBeEarned()
    {
        for (var i = 0; i < 12; i++)
        {
            Assert.InRange(RunsUntilInline(), 1, 1 << 16);
            _policy.Record(Slow);
        }
    }

    private int RunsUntilInline()
    {
        for (var runs = 0; ; runs++)
        {
            if (_policy.RunInline)
            {
                return runs;
            }

            Assert.InRange(runs, 0, 1 << 17);
            _policy.Record(Quick);
        }
    }
}
