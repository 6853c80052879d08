using CloudFunction.Runtime.Projects.Watching;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

public sealed class WatchedFolderTests
{
    private const ulong Before = 10;
    private const ulong After = 20;

    private readonly WatchedFolder _folder = new("hello", Before);

    [Fact]
    public void DueAt_NothingNotified_IsNever() => Assert.Null(_folder.DueAt);

    [Fact]
    public void DueAt_OneChange_IsAfter200Milliseconds()
    {
        Hint(1000);

        Assert.Equal(Ms(1200), _folder.DueAt);
    }

    [Fact]
    public void DueAt_ChangesFollowEachOther_IsTwiceTheLongestPauseAfterTheLast()
    {
        Hint(0);
        Hint(150);
        Hint(450);
        Hint(500);

        Assert.Equal(Ms(500 + 600), _folder.DueAt);
    }

    [Fact]
    public void DueAt_LongPause_IsNoMoreThan2SecondsAfterTheLast()
    {
        Hint(0);
        Hint(1900);

        Assert.Equal(Ms(3900), _folder.DueAt);
    }

    [Fact]
    public void DueAt_NewFolder_IsAfter1Second()
    {
        var folder = new WatchedFolder("hello", reported: null);

        folder.AddHints(new Burst(Ms(0)));

        Assert.Equal(Ms(1000), folder.DueAt);
    }

    [Fact]
    public void DueAt_FolderItselfWasReplaced_IsAfter1Second()
    {
        _folder.AddHints(new Burst(Ms(0)) { IsOfFolder = true });

        Assert.Equal(Ms(1000), _folder.DueAt);
    }

    [Fact]
    public void DueAt_BurstWithoutEnd_Is30SecondsAfterItBegan()
    {
        for (var at = 0; at <= 29_900; at += 100)
        {
            Hint(at);
        }

        Assert.Equal(Ms(30_000), _folder.DueAt);
    }

    [Fact]
    public void DueAt_WhileItIsReported_IsNeverAndThenTheChangesMeanwhileAre()
    {
        Hint(0);
        Assert.True(_folder.TryTake(After, Ms(200)));
        _folder.IsReporting = true;
        Hint(300);

        Assert.Null(_folder.DueAt);
        _folder.IsReporting = false;
        Assert.Equal(Ms(500), _folder.DueAt);
    }

    [Fact]
    public void TryTake_NotifiedButTheSame_IsReported()
    {
        Hint(0);

        Assert.True(_folder.TryTake(Before, Ms(200)));
        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void AddScan_TheSame_IsNoChange()
    {
        _folder.AddScan(Before, Ms(5000));

        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void AddScan_UnnotifiedSlowCopy_IsReportedOnceItIsTheSameFor2Seconds()
    {
        _folder.AddScan(11, Ms(0));

        Assert.True(_folder.IsUnnotified);
        Assert.Equal(Ms(2000), _folder.DueAt);
        Assert.False(_folder.TryTake(12, Ms(2000)));
        Assert.Equal(Ms(4000), _folder.DueAt);
        Assert.False(_folder.TryTake(13, Ms(4000)));
        Assert.True(_folder.TryTake(13, Ms(6000)));
        _folder.AddScan(13, Ms(10_000));
        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void TryTake_UnnotifiedChangesWithoutEnd_IsReportedAfter30Seconds()
    {
        ulong signature = 11;
        _folder.AddScan(signature, Ms(0));

        while (!_folder.TryTake(++signature, _folder.DueAt!.Value))
        {
            Assert.True(signature < 100, $"Not reported at signature {signature}; due at {_folder.DueAt}.");
        }

        Assert.Equal(26ul, signature); // Every 2 s, and at 30 s.
    }

    [Fact]
    public void TryTake_Gone_IsReportedAfter2SecondsOfAbsence()
    {
        Hint(0);

        Assert.False(_folder.TryTake(null, Ms(200)));
        Assert.Equal(Ms(2200), _folder.DueAt);
        Assert.True(_folder.TryTake(null, Ms(2200)));
        Assert.True(_folder.IsForgotten);
    }

    [Fact]
    public void TryTake_RemovedAndCopiedAnew_IsReportedOnceAsNew()
    {
        Hint(0);
        Assert.False(_folder.TryTake(null, Ms(200)));
        Hint(1500);
        Hint(1600);

        Assert.False(_folder.TryTake(After, Ms(2200)));
        Assert.Equal(Ms(1600 + 2000), _folder.DueAt); // The pause was 1.5 s, and 2 s is the most.
        Assert.True(_folder.TryTake(After, Ms(3600)));
        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void TryTake_CameAndWentBeforeItWasReported_IsNotReported()
    {
        var folder = new WatchedFolder("hello", reported: null);
        folder.AddHints(new Burst(Ms(0)));
        folder.TryTake(null, Ms(1000));

        Assert.False(folder.TryTake(null, Ms(3000)));
        Assert.True(folder.IsForgotten);
    }

    [Fact]
    public void Postpone_Gone_IsNotReported()
    {
        _folder.AddScan(null, Ms(0));

        _folder.Postpone();

        Assert.Null(_folder.DueAt);
        Assert.False(_folder.IsForgotten);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Hint(int milliseconds) => _folder.AddHints(new Burst(Ms(milliseconds)));
}
