using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class StagedDeploymentsTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly InMemoryDeploymentCatalog _catalog = new();
    private readonly RecordingLogger<StagedDeployments> _logger = new();
    private readonly RecordingLogger<DeploymentFiles> _filesLogger = new();
    private readonly StagedDeployments _staged;

    public StagedDeploymentsTests() => _staged = TestStaging.Open(_folder.Path, _catalog, _logger, _filesLogger);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AddAsync_FilledFolder_IsTheNextVersion()
    {
        await AddAsync(1);
        var temporary = _staged.CreateTemporaryDirectory("hello");
        File.WriteAllText(Path.Combine(temporary, "a.txt"), "a");

        var added = await _staged.AddAsync("hello", temporary, TestStaging.Manifest(0, "f"), default);

        Assert.Equal((2, _folder.Combine("hello", "2")), (added.Version, added.Directory));
        Assert.Equal("a", File.ReadAllText(Path.Combine(added.Directory, "a.txt")));
        Assert.False(Directory.Exists(temporary));
        Assert.Equal(added, await _staged.FindNewestAsync("hello", default));
    }

    [Fact]
    public async Task AddAsync_CatalogFails_LeavesNoVersionAndTheNextOneIsWhole()
    {
        _catalog.Failure = new IOException("no space");
        await Assert.ThrowsAsync<IOException>(AddOneAsync);
        Assert.Empty(await _staged.ListAsync("hello", default));

        _catalog.Failure = null;
        var added = await AddOneAsync();
        await _staged.SweepAsync("hello", default);

        Assert.Equal([Path.GetFileName(added.Directory)], Directory.EnumerateFileSystemEntries(_folder.Combine("hello")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task FindAsync_FilesGone_IsNoneAndLogged()
    {
        await AddAsync(2);
        Directory.Delete(_folder.Combine("hello", "2"), recursive: true);

        Assert.Equal([1], await VersionsAsync());
        Assert.Equal(1, (await _staged.FindNewestAsync("hello", default))!.Version);
        Assert.Contains(_filesLogger.Messages, message => message.Contains("version 2 is skipped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SetContentsAsync_OnlyWhatDiffers_IsWritten()
    {
        var deployment = await AddOneAsync();
        _catalog.Failure = new IOException("It is to change nothing.");

        Assert.Same(deployment, await _staged.SetContentsAsync(deployment, TestStaging.Contents(), default));
        _catalog.Failure = null;
        await _staged.SetContentsAsync(deployment, TestStaging.Contents() with { NeedsOwnProcess = true, OwnProcessReason = "why" }, default);

        Assert.True((await _staged.FindAsync("hello", 1, default))!.Manifest.Contents.NeedsOwnProcess);
    }

    /// <summary>A start where the disk is full and the platform beneath has changed: what is staged serves all the same.</summary>
    [Fact]
    public async Task SetContentsAsync_CannotBeRecorded_GoesOnWithWhatWasFoundUnlessItCannotBeStarted()
    {
        var deployment = await AddOneAsync();
        _catalog.Failure = new IOException("no space");
        var found = TestStaging.Contents() with { NeedsOwnProcess = true, OwnProcessReason = "why" };

        Assert.Same(found, (await _staged.SetContentsAsync(deployment, found, default)).Manifest.Contents);
        Assert.Contains("cannot be recorded now; it runs all the same", Assert.Single(_logger.Messages), StringComparison.Ordinal);

        Directory.CreateDirectory(deployment.Directory + RuntimeConfigFile.Suffix + DurableFile.TemporarySuffix); // Whoever writes fails.
        await Assert.ThrowsAnyAsync<SystemException>(() => _staged.SetContentsAsync(deployment, WithLaunchFiles(), default));
    }

    [Fact]
    public async Task SetContentsAsync_FrameworkOverrides_AreKeptWithAFileToStartWith()
    {
        var deployment = await _staged.SetContentsAsync(await AddOneAsync(), WithLaunchFiles(), default);

        Assert.Equal("{}", File.ReadAllText(deployment.RuntimeConfigPath!));
        Assert.Contains("\"A.dll\"", File.ReadAllText(deployment.AdditionalDepsPath!), StringComparison.Ordinal);
        Assert.Equal([1], await VersionsAsync());

        File.Delete(deployment.AdditionalDepsPath!);
        await _staged.SetContentsAsync(deployment, WithLaunchFiles(), default);
        Assert.True(File.Exists(deployment.AdditionalDepsPath));

        await _staged.SetContentsAsync(deployment, TestStaging.Contents(), default);
        Assert.Equal(["1"], Directory.EnumerateFileSystemEntries(_folder.Combine("hello")).Select(Path.GetFileName));
    }

    [Fact]
    public async Task RemoveAsync_VersionWithFilesToStartWith_RemovesThemToo()
    {
        var deployment = await _staged.SetContentsAsync(await AddOneAsync(), WithLaunchFiles(), default);
        File.WriteAllText(SelfContainedLaunch.FileOf(deployment.Directory), "{}");

        await _staged.RemoveAsync("hello", 1, default);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Combine("hello")));
        Assert.Empty(await VersionsAsync());
    }

    [Fact]
    public async Task TrimAsync_TooMany_KeepsTheNewestTheLiveAndThoseInUse()
    {
        await AddAsync(8);
        await _staged.SetLiveAsync("hello", new LiveVersions(1, new Dictionary<int, int> { [1] = 90, [4] = 10 }), default);

        var removed = await _staged.TrimAsync("hello", keep: 3, inUse: [2], default);

        Assert.Equal(2, removed);
        Assert.Equal([1, 2, 4, 6, 7, 8], await VersionsAsync());
        Assert.False(Directory.Exists(_folder.Combine("hello", "3")));
    }

    [Fact]
    public async Task SetLiveAsync_OnlyWhatTheFolderHeldCannotBeKept_GoesOn()
    {
        await AddAsync(2);
        await _staged.SetLiveAsync("hello", new LiveVersions(2, null, "old"), default);
        _catalog.Failure = new IOException("no space");

        await _staged.SetLiveAsync("hello", new LiveVersions(2, null, "new"), default);
        Assert.Contains("cannot be recorded now", Assert.Single(_logger.Messages), StringComparison.Ordinal);

        await Assert.ThrowsAsync<IOException>(() => _staged.SetLiveAsync("hello", new LiveVersions(1, null, "new"), default));
        Assert.Equal(new LiveVersions(2, null, "old"), await _staged.ReadLiveAsync("hello", default));
    }

    [Fact]
    public async Task RemoveProjectAsync_WithVersions_LeavesNothing()
    {
        await AddAsync(2);
        Directory.CreateDirectory(_folder.Combine(".removed-earlier"));

        await _staged.RemoveProjectAsync("hello", default);

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
        Assert.False(await _staged.HasAnyAsync("hello", default));
    }

    [Fact]
    public async Task RemoveStraysAsync_NeverServedAndGone_IsRemoved()
    {
        await AddAsync(1);
        foreach (var project in (string[])["known", "served", "stray"])
        {
            _folder.Write($"{project}/1/a.txt", "a");
            await _catalog.SaveAsync(project, TestStaging.Manifest(1), default);
        }

        await _catalog.SetLiveAsync("served", new LiveVersions(1), default);

        _folder.Write("unfinished/.staging-1/a.txt", "a");

        await _staged.RemoveStraysAsync(["hello", "known"], default);

        Assert.Equal(["hello", "known", "served"], Directory.EnumerateFileSystemEntries(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal(["hello", "known", "served"], (await _catalog.ListProjectsAsync(default)).Order());
    }

    [Fact]
    public async Task SweepAsync_VersionInTheCatalog_Stays()
    {
        await AddAsync(1);
        foreach (var left in (string[])["2", ".staging-1", ".removed-1"])
        {
            Directory.CreateDirectory(_folder.Combine("hello", left));
        }

        await _staged.SweepAsync("hello", default);

        Assert.Equal(["1"], Directory.EnumerateDirectories(_folder.Combine("hello")).Select(Path.GetFileName));
    }

    private static DeploymentContents WithLaunchFiles() =>
        TestStaging.Contents() with { RuntimeConfig = "{}", FrameworkOverrides = [new FrameworkOverride("A.dll", new Version(11, 0, 0, 0))] };

    private async Task<IEnumerable<int>> VersionsAsync() => (await _staged.ListAsync("hello", default)).Select(deployment => deployment.Version);

    private async Task AddAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await AddOneAsync();
        }
    }

    private Task<Deployment> AddOneAsync() => _staged.AddAsync("hello", _staged.CreateTemporaryDirectory("hello"), TestStaging.Manifest(0), default);

    /// <summary>A version whose record is damaged is no reason not to go back to the others; that one is not known to have served is no reason to
    /// remove it.</summary>
    [Fact]
    public async Task ListAsync_ADamagedManifest_IsSkippedAndLogged()
    {
        var staged = TestStaging.Open(_folder.Path, new FileDeploymentCatalog(_folder.Path, new RecordingLogger<FileDeploymentCatalog>()), _logger);
        foreach (var number in (int[])[1, 2])
        {
            await staged.AddAsync("hello", staged.CreateTemporaryDirectory("hello"), TestStaging.Manifest(0, "f" + number), default);
        }

        _folder.Write("hello/2.json", "");
        _folder.Write("hello/active.json", "");

        Assert.Equal([1], (await staged.ListAsync("hello", default)).Select(each => each.Version));
        Assert.Equal(1, (await staged.FindNewestAsync("hello", default))!.Version);
        await Assert.ThrowsAsync<DamagedRecordException>(() => staged.FindAsync("hello", 2, default));
        Assert.Contains(_logger.Messages, message => message.Contains("2.json", StringComparison.Ordinal));

        await staged.RemoveStraysAsync([], default);
        await staged.TrimAsync("other", 1, [], default);

        Assert.True(await staged.HasAnyAsync("hello", default));
        Assert.Equal(["1", "2"], Directory.GetDirectories(_folder.Combine("hello")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains(_logger.Messages, message => message.Contains("which is no longer a project, cannot be removed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task FindFolderAsync_DamagedRecord_IsThatOfTheNewestValidatedVersion()
    {
        var staged = TestStaging.Open(_folder.Path);
        for (var number = 1; number <= 3; number++)
        {
            var added = await staged.AddAsync(
                "hello", staged.CreateTemporaryDirectory("hello"), TestStaging.Manifest(0, "f" + number), default);
            if (number < 3)
            {
                await staged.SetFunctionsAsync(added, [], default);
            }
        }

        Assert.Null(await staged.FindFolderAsync("hello", default));
        _folder.Write("hello/active.json", "");

        Assert.Equal("f2", await staged.FindFolderAsync("hello", default));
    }

    [SkippableFact]
    public async Task CheckRemovable_NoRights_IsAnErrorUnlessNothingIsThere()
    {
        await AddAsync(1);
        AnotherUser.SetMode(_folder.Path, "755");
        AnotherUser.SetMode(_folder.Combine("hello"), "555");

        AnotherUser.Run(() =>
        {
            _staged.CheckRemovable("gone");
            Assert.Throws<UnauthorizedAccessException>(() => _staged.CheckRemovable("hello"));
        });

        AnotherUser.SetMode(_folder.Combine("hello"), "700");
        _staged.CheckRemovable("hello");
    }
}
