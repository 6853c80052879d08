using System.Diagnostics;
using CloudFunction.Worker.Session;

namespace CloudFunction.Worker.Tests.Session;

public class InlinePolicyTests
{
    private static readonly long Quick = Stopwatch.Frequency / 100_000;
    private static readonly long Slow = Stopwatch.Frequency / 100;

    private readonly InlinePolicy _policy = new();

    [Fact]
    public void RunInline_QuickFunction_OnlyAfterAFewRuns() => Assert.Equal(8, RunsUntilInline());

    [Fact]
    public void RunInline_SlowFunction_Never()
    {
        for (var i = 0; i < 10_000; i++)
        {
            Assert.False(_policy.RunInline);
            _policy.Record(Slow, takenOver: false);
        }
    }

    [Fact]
    public void RunInline_OneLongRunAmongQuickOnes_IsForgivenSoon()
    {
        RunsUntilInline();
        _policy.Record(Slow, takenOver: false);
        Assert.InRange(RunsUntilInline(), 0, 50); // The mean needs a moment; nothing more is asked for.
    }

    [Fact]
    public void RunInline_TakenOverAgainAndAgain_MustBeEarnedForLongerEachTime()
    {
        RunsUntilInline();
        _policy.Record(Slow, takenOver: true);
        var second = RunsUntilInline();
        Assert.InRange(second, 32, 100);
        _policy.Record(Slow, takenOver: true);
        Assert.InRange(RunsUntilInline(), 4 * 32, 1000);
    }

    [Fact]
    public void RunInline_TakenOverRarely_IsAnAccident()
    {
        for (var i = 0; i < 20; i++)
        {
            for (var runs = 0; runs < 5000; runs++)
            {
                _policy.Record(Quick, takenOver: false);
            }

            _policy.Record(Slow, takenOver: true);
        }

        Assert.InRange(RunsUntilInline(), 0, 50);
    }

    [Fact]
    public void RunInline_NoMatterHowOftenItWasTakenOver_CanBeEarnedAgain()
    {
        for (var i = 0; i < 100; i++)
        {
            RunsUntilInline();
            _policy.Record(Slow, takenOver: true);
        }

        Assert.InRange(RunsUntilInline(), 1, 10_000);
    }

    private int RunsUntilInline()
    {
        for (var runs = 0; ; runs++)
        {
            if (_policy.RunInline)
            {
                return runs;
            }

            Assert.InRange(runs, 0, 100_000);
            _policy.Record(Quick, takenOver: false);
        }
    }
}
