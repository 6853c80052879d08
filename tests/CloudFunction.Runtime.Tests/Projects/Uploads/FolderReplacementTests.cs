using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.Runtime.Tests.Projects.Uploads;

public sealed class FolderReplacementTests : IDisposable
{
    // A name in which a careless reader of the folders' names goes astray.
    private const string Project = "a-b_c-0123456789abcdef0123456789abcdef";

    private readonly TemporaryDirectory _folder = new();
    private readonly RecordingLogger<FolderReplacement> _logger = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Complete_Committed_LeavesTheNewContentAlone(bool isThere)
    {
        WritePresent(isThere);
        using (var replacement = Prepare())
        {
            replacement.Commit();
            Assert.Equal("new", Content());
            replacement.Complete();
        }

        Assert.Equal("new", Content());
        Assert.Equal([Project], Names());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Rollback_Committed_LeavesWhatWasThere(bool isThere)
    {
        WritePresent(isThere);
        using (var replacement = Prepare())
        {
            replacement.Commit();
            replacement.Rollback();
            Assert.Equal(isThere ? "old" : null, Content());
        }

        Assert.Equal(isThere ? "old" : null, Content());
        Assert.Equal(isThere ? [Project] : [], Names());
    }

    [Fact]
    public void Dispose_NeverCommitted_LeavesWhatWasThere()
    {
        WritePresent();
        using (var replacement = Prepare())
        {
            replacement.Rollback();
        }

        Assert.Equal("old", Content());
        Assert.Equal([Project], Names());
    }

    [Fact]
    public void Commit_NewContentGone_LeavesWhatWasThere()
    {
        WritePresent();
        using var replacement = Prepare();
        Directory.Delete(replacement.Directory, recursive: true);

        Assert.ThrowsAny<IOException>(replacement.Commit);
        replacement.Rollback();

        Assert.Equal("old", Content());
        Assert.Equal([Project], Names());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Commit_RenameFails_LeavesWhatWasThere(int failing)
    {
        WritePresent();
        var count = 0;
        using (var replacement = Prepare())
        {
            replacement.Rename = (from, to) =>
            {
                if (++count == failing)
                {
                    throw new IOException("The disk fails.");
                }

                Directory.Move(from, to);
            };

            Assert.Equal("The disk fails.", Assert.Throws<IOException>(replacement.Commit).Message);
            Assert.Equal("old", Content());
            replacement.Rollback();
        }

        Assert.Equal("old", Content());
        Assert.Equal([Project], Names());
    }

    [Fact]
    public void CarryOver_NewContentWithout_TakesEnvAndLockOfTheSameRequirements()
    {
        WritePresent();
        Write(".env", "A=old");
        Write("requirements.txt", "Dapper");
        Write("requirements.lock", "lock");
        using var replacement = Prepare();
        File.WriteAllText(Path.Combine(replacement.Directory, "requirements.txt"), "Dapper");

        replacement.CarryOver();
        replacement.Commit();

        Assert.Equal("A=old", Read(".env"));
        Assert.Equal("lock", Read("requirements.lock"));
        Assert.Equal("new", Content());
    }

    [Fact]
    public void CarryOver_NewContentWithItsOwn_KeepsThat()
    {
        WritePresent();
        Write(".env", "A=old");
        Write("requirements.txt", "Dapper");
        Write("requirements.lock", "old lock");
        using var replacement = Prepare();
        File.WriteAllText(Path.Combine(replacement.Directory, ".env"), "A=new");
        File.WriteAllText(Path.Combine(replacement.Directory, "requirements.txt"), "Dapper>=2");

        replacement.CarryOver();
        replacement.Commit();

        Assert.Equal("A=new", Read(".env"));
        Assert.Null(Read("requirements.lock"));
    }

    [Fact]
    public void CarryOver_NoFolderYet_DoesNothing()
    {
        using var replacement = Prepare();

        replacement.CarryOver();

        Assert.Equal(["content.txt"], Directory.GetFiles(replacement.Directory).Select(Path.GetFileName));
    }

    [Fact]
    public void Recover_KilledBeforeTheFirstRename_LeavesWhatWasThere()
    {
        WritePresent();
        _ = Prepare();

        Recover();

        Assert.Equal("old", Content());
        Assert.Equal([Project], Names());
        Assert.Empty(_logger.Messages);
    }

    [Fact]
    public void Recover_KilledBetweenTheRenames_PutsTheOldBack()
    {
        WritePresent();
        _ = Prepare();
        Directory.Move(_folder.Combine(Project), new FolderNames(_folder.Path, Project).NewReplaced());

        Recover();

        Assert.Equal("old", Content());
        Assert.Equal([Project], Names());
        Assert.Contains(Project, Assert.Single(_logger.Messages), StringComparison.Ordinal);
    }

    [Fact]
    public void Recover_KilledAfterTheSecondRename_KeepsTheNewContent()
    {
        WritePresent();
        Prepare().Commit();

        Recover();

        Assert.Equal("new", Content());
        Assert.Equal([Project], Names());
    }

    [Fact]
    public void Recover_KilledInMidRollback_PutsTheOldBack()
    {
        WritePresent();
        var replacement = Prepare();
        replacement.Commit();
        Directory.Move(_folder.Combine(Project), replacement.Directory);

        Recover();

        Assert.Equal("old", Content());
        Assert.Equal([Project], Names());
    }

    [Fact]
    public void Recover_KilledWhileTheOldWasRemoved_KeepsTheNewContent()
    {
        WritePresent();
        Prepare().Commit();
        var replaced = Assert.Single(Directory.GetDirectories(_folder.Path, ".replaced-*"));
        Directory.Move(replaced, FolderNames.NewStaging(_folder.Path));

        Recover();

        Assert.Equal("new", Content());
        Assert.Equal([Project], Names());
    }

    [Fact]
    public void Recover_TwoFormerContents_PutsTheLaterOneBack()
    {
        foreach (var (time, content) in new[] { (1_000, "older"), (2_000, "later") })
        {
            var id = Guid.CreateVersion7(DateTimeOffset.FromUnixTimeMilliseconds(time));
            _folder.Write($".replaced-{Project}-{id:N}/content.txt", content);
        }

        Recover();

        Assert.Equal("later", Content());
        Assert.Equal([Project], Names());
    }

    [Theory]
    [InlineData(".staging-area")]
    [InlineData(".replaced-by-hand")]
    [InlineData(".replaced-Not A Name-0123456789abcdef0123456789abcdef")]
    [InlineData(".git")]
    public void Recover_FoldersOfOthers_StayAsTheyAre(string name)
    {
        _folder.Write($"{name}/mine.txt", "mine");

        Recover();
        FolderReplacement.Recover(_folder.Combine("none"), _logger);

        Assert.Equal([name], Names());
    }

    [Fact]
    public void Create_FormerContentLeft_GivesItUp()
    {
        WritePresent();
        _folder.Write(new FolderNames("", Project).NewReplaced() + "/content.txt", "older");
        var other = new FolderNames("", Project + "-x").NewReplaced();
        _folder.Write(other + "/content.txt", "another project's");

        FolderReplacement.Create(_folder.Path, Project).Dispose();

        Assert.Equal([other, Project], Names());
    }

    private FolderReplacement Prepare()
    {
        var replacement = FolderReplacement.Create(_folder.Path, Project);
        File.WriteAllText(Path.Combine(replacement.Directory, "content.txt"), "new");
        return replacement;
    }

    private void Recover() => FolderReplacement.Recover(_folder.Path, _logger);

    private void WritePresent(bool isThere = true)
    {
        if (isThere)
        {
            Write("content.txt", "old");
        }
    }

    private void Write(string name, string content) => _folder.Write($"{Project}/{name}", content);

    private string? Content() => Read("content.txt");

    private string? Read(string name) => _folder.Combine(Project, name) is var path && File.Exists(path) ? File.ReadAllText(path) : null;

    private string[] Names() => [.. Directory.GetDirectories(_folder.Path).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>What is away may come back: no new PROJECTS_DIR may be in its place, which would end all other projects.</summary>
    [Fact]
    public void Create_ProjectsDirectoryIsAway_FailsAndMakesNone()
    {
        var away = _folder.Combine("away");

        Assert.Contains(
            away, Assert.Throws<DirectoryNotFoundException>(() => FolderReplacement.Create(away, Project)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(away));
    }

    /// <summary>What cannot be read cannot be carried over: refused before anything is replaced.</summary>
    [SkippableTheory]
    [InlineData("000")]
    [InlineData("333")] // May be entered, and not listed.
    [InlineData("444")] // May be listed, and nothing in it be reached.
    public void Create_PresentFolderWithoutRights_FailsAndLeavesIt(string mode)
    {
        WritePresent();
        Write(".env", "A=old");
        AnotherUser.SetMode(_folder.Path, "777");
        AnotherUser.SetMode(_folder.Combine(Project), mode);

        AnotherUser.Run(() => Assert.Throws<UnauthorizedAccessException>(() =>
        {
            using var replacement = FolderReplacement.Create(_folder.Path, Project);
            replacement.CarryOver();
        }));

        AnotherUser.SetMode(_folder.Combine(Project), "700");
        Assert.Equal("A=old", Read(".env"));
        Assert.Equal([Project], Names());
    }

    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void CarryOver_AFolderOrAPipeAsEnv_FailsAndLeavesIt(bool isFolder)
    {
        WritePresent();
        var path = _folder.Combine(Project, ".env");
        _ = isFolder ? Directory.CreateDirectory(path).FullName : AnotherUser.MakePipe(path);
        using (var replacement = Prepare())
        {
            Assert.Contains(path, Assert.Throws<WrongEntryException>(replacement.CarryOver).Message, StringComparison.Ordinal);
        }

        Assert.Equal("old", Content());
        Assert.Equal([Project], Names());
    }

    [Fact]
    public void Create_AFileInTheFoldersPlace_IsNamed()
    {
        var path = _folder.Write(Project, "");

        Assert.Contains(
            path, Assert.Throws<WrongEntryException>(() => FolderReplacement.Create(_folder.Path, Project)).Message, StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFileSystemEntries(_folder.Path));
    }

    /// <summary>A folder without rights that stays in PROJECTS_DIR would keep the system from reporting changes of any project.</summary>
    [SkippableFact]
    public void Complete_OldContentWithAFolderWithoutRights_IsRemovedAllTheSame()
    {
        AnotherUser.SetMode(_folder.Path, "777");
        AnotherUser.Run(() =>
        {
            WritePresent();
            Write("sub/deep/file", "");
            AnotherUser.SetMode(_folder.Combine(Project, "sub", "deep"), "000");
            AnotherUser.SetMode(_folder.Combine(Project, "sub"), "500");
            using var replacement = Prepare();
            replacement.CarryOver();
            replacement.Commit();
            replacement.Complete();
        });

        Assert.Equal("new", Content());
        Assert.Equal([Project], Names());
    }
}
