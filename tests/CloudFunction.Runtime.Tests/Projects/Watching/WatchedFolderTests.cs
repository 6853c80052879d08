using CloudFunction.Runtime.Projects.Watching;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

public sealed class WatchedFolderTests
{
    private const ulong Before = 10;
    private const ulong After = 20;

    private readonly WatchedFolder _folder = new("hello", Before);

    [Fact]
    public void DueAt_NothingHeard_IsNever() => Assert.Null(_folder.DueAt);

    [Fact]
    public void DueAt_OneChange_IsAfter200Milliseconds()
    {
        Hear(1000);

        Assert.Equal(Ms(1200), _folder.DueAt);
    }

    [Fact]
    public void DueAt_ChangesFollowEachOther_IsTwiceTheLongestPauseAfterTheLast()
    {
        Hear(0);
        Hear(150);
        Hear(450);
        Hear(500);

        Assert.Equal(Ms(500 + 600), _folder.DueAt);
    }

    [Fact]
    public void DueAt_LongPause_IsNoMoreThan2SecondsAfterTheLast()
    {
        Hear(0);
        Hear(1900);

        Assert.Equal(Ms(3900), _folder.DueAt);
    }

    [Fact]
    public void DueAt_NewFolder_IsAfter1Second()
    {
        var folder = new WatchedFolder("hello", told: null);

        folder.Hear(new Burst(Ms(0)));

        Assert.Equal(Ms(1000), folder.DueAt);
    }

    [Fact]
    public void DueAt_FolderItselfWasReplaced_IsAfter1Second()
    {
        _folder.Hear(new Burst(Ms(0)) { IsOfFolder = true });

        Assert.Equal(Ms(1000), _folder.DueAt);
    }

    [Fact]
    public void DueAt_BurstWithoutEnd_Is30SecondsAfterItBegan()
    {
        for (var at = 0; at <= 29_900; at += 100)
        {
            Hear(at);
        }

        Assert.Equal(Ms(30_000), _folder.DueAt);
    }

    [Fact]
    public void DueAt_WhileItIsTold_IsNeverAndThenTheChangesMeanwhileAre()
    {
        Hear(0);
        Assert.True(_folder.TryTake(After, Ms(200)));
        _folder.IsTelling = true;
        Hear(300);

        Assert.Null(_folder.DueAt);
        _folder.IsTelling = false;
        Assert.Equal(Ms(500), _folder.DueAt);
    }

    [Fact]
    public void TryTake_HeardButLooksTheSame_IsTold()
    {
        Hear(0);

        Assert.True(_folder.TryTake(Before, Ms(200)));
        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void See_LooksTheSame_IsNoChange()
    {
        _folder.See(Before, Ms(5000));

        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void See_UnheardSlowCopy_IsToldOnceItLooksTheSameFor2Seconds()
    {
        _folder.See(11, Ms(0));

        Assert.True(_folder.IsUnheard);
        Assert.Equal(Ms(2000), _folder.DueAt);
        Assert.False(_folder.TryTake(12, Ms(2000)));
        Assert.Equal(Ms(4000), _folder.DueAt);
        Assert.False(_folder.TryTake(13, Ms(4000)));
        Assert.True(_folder.TryTake(13, Ms(6000)));
        _folder.See(13, Ms(10_000));
        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void TryTake_UnheardChangesWithoutEnd_IsToldAfter30Seconds()
    {
        ulong look = 11;
        _folder.See(look, Ms(0));

        while (!_folder.TryTake(++look, _folder.DueAt!.Value))
        {
            Assert.True(look < 100, $"Not told after {look} looks; due at {_folder.DueAt}.");
        }

        Assert.Equal(26ul, look); // Every 2 s, and at 30 s.
    }

    [Fact]
    public void TryTake_Gone_IsToldAfter2SecondsOfAbsence()
    {
        Hear(0);

        Assert.False(_folder.TryTake(null, Ms(200)));
        Assert.Equal(Ms(2200), _folder.DueAt);
        Assert.True(_folder.TryTake(null, Ms(2200)));
        Assert.True(_folder.IsForgotten);
    }

    [Fact]
    public void TryTake_RemovedAndCopiedAnew_IsToldOnceAsNew()
    {
        Hear(0);
        Assert.False(_folder.TryTake(null, Ms(200)));
        Hear(1500);
        Hear(1600);

        Assert.False(_folder.TryTake(After, Ms(2200)));
        Assert.Equal(Ms(1600 + 2000), _folder.DueAt); // The pause was 1.5 s, and 2 s is the most.
        Assert.True(_folder.TryTake(After, Ms(3600)));
        Assert.Null(_folder.DueAt);
    }

    [Fact]
    public void TryTake_CameAndWentBeforeItWasTold_IsNotTold()
    {
        var folder = new WatchedFolder("hello", told: null);
        folder.Hear(new Burst(Ms(0)));
        folder.TryTake(null, Ms(1000));

        Assert.False(folder.TryTake(null, Ms(3000)));
        Assert.True(folder.IsForgotten);
    }

    [Fact]
    public void Postpone_Gone_IsNotTold()
    {
        _folder.See(null, Ms(0));

        _folder.Postpone();

        Assert.Null(_folder.DueAt);
        Assert.False(_folder.IsForgotten);
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void Hear(int milliseconds) => _folder.Hear(new Burst(Ms(milliseconds)));
}
