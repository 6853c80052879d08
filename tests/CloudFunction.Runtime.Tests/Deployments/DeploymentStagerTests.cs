using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class DeploymentStagerTests : IDisposable
{
    // More than the kernel's clock of files stands still; the stager keeps a margin that the time of these tests jumps over.
    private static readonly TimeSpan FileSystemTick = TimeSpan.FromMilliseconds(50);

    private readonly TemporaryDirectory _folder = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly DeploymentStager _stager;
    private Func<DotnetSdk?> _findSdk = static () => null;

    public DeploymentStagerTests()
    {
        _stager = new DeploymentStager(
            TestStaging.Open(_folder.Combine("deployments")),
            new DeploymentInspector(new PlatformAssemblies(_folder.Combine("worker"), static _ => null, new Version(10, 0, 12))),
            new SourceBuilder(
                _folder.Combine("data"),
                _folder.Combine("root"),
                _folder.Combine("worker/core"),
                new Version(10, 0, 12),
                new Dictionary<string, string>(),
                () => _findSdk()),
            _time,
            NullLogger<DeploymentStager>.Instance);
        new PublishedProject(Source).Write();
    }

    private string Source => _folder.Combine("projects", "hello");

    private string Staged => _folder.Combine("deployments", "hello");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task StageAsync_NewProject_CopiesAndRecords()
    {
        _folder.Write("projects/hello/data/model.txt", "weights");

        var deployment = await StageAsync();

        Assert.Equal(("hello", 1, Path.Combine(Staged, "1")), (deployment.Project, deployment.Version, deployment.Directory));
        Assert.Equal("weights", File.ReadAllText(Path.Combine(deployment.Directory, "data", "model.txt")));
        Assert.True(File.Exists(deployment.EntryAssemblyPath));
        Assert.Equal(_time.GetUtcNow(), deployment.Manifest.CreatedAt);
        Assert.Matches("^[0-9a-f]{64}$", deployment.Manifest.Fingerprint);
        Assert.Null(deployment.Manifest.Functions);
        Assert.Equal(["1", "1.json"], Entries());
    }

    /// <summary>No project can help it that packages, temporary files or output find no room.</summary>
    [Theory]
    [InlineData("error MSB3021: Unable to copy file \"a\" to \"b\". No space left on device", true)]
    [InlineData("error NU1301: There is not enough space on the disk. : '/root/.nuget/packages'", true)]
    [InlineData("error CS0016: Could not write to output file 'a.dll' -- 'Disk quota exceeded'", true)]
    [InlineData("error CS0103: The name 'space' does not exist", false)]
    public async Task StageAsync_BuildReportsAFullDisk_IsNoFaultOfTheProject(string report, bool isFull)
    {
        Directory.Delete(Source, recursive: true);
        _folder.Write("projects/hello/A.cs", "");
        _findSdk = () => throw new DeploymentException(DeploymentErrorCode.Invalid, report);

        var failure = await Record.ExceptionAsync(StageAsync);

        Assert.Equal(isFull ? typeof(StorageFullException) : typeof(DeploymentException), failure?.GetType());
        Assert.Equal(isFull ? "the host" : null, (failure as StorageFullException)?.Folder); // DATA_DIR has room here.
    }

    [Fact]
    public async Task StageAsync_RequirementThatWasNotPublished_IsRefused()
    {
        _folder.Write("projects/hello/requirements.txt", "Dapper>=2.1\n");

        var exception = await Assert.ThrowsAsync<DeploymentException>(StageAsync);

        Assert.Equal(DeploymentErrorCode.DependencyError, exception.Code);
        Assert.Contains("requirements.txt:1", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StageAsync_SameContent_GivesTheNewestVersionAgain()
    {
        var first = await StageAsync();
        File.SetLastWriteTimeUtc(Path.Combine(Source, "Greetings.dll"), new DateTime(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var second = await StageAsync();

        Assert.Equal(first.Version, second.Version);
        Assert.Equal(["1", "1.json"], Entries());
    }

    [SkippableFact]
    public async Task ReadFolderAsync_FilesLongUntouched_AreNotReadAgain()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "Elsewhere they are read at every look.");

        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        var first = await ReadFolderAsync(last: null);

        var second = await ReadFolderAsync(last: first with { Contents = "what was read" });

        Assert.NotNull(first.Stamp);
        Assert.Equal("what was read", second.Contents);
        Assert.Equal(first.Fingerprint, (await StageAsync()).Manifest.Fingerprint);
    }

    [Fact]
    public async Task ReadFolderAsync_FileReplacedByOneOfTheSameSizeAndTime_FindsIt()
    {
        var file = _folder.Write("projects/hello/model.txt", "one");
        _time.SetUtcNow(TimeProvider.System.GetUtcNow() + TimeSpan.FromMinutes(1));
        var first = await ReadFolderAsync(last: null);
        var time = File.GetLastWriteTimeUtc(file);
        await Task.Delay(FileSystemTick);
        await File.WriteAllTextAsync(file, "two");
        File.SetLastWriteTimeUtc(file, time);

        var second = await ReadFolderAsync(first);
        await Task.Delay(FileSystemTick);
        File.Move(_folder.Write("projects/other.txt", "six"), file, overwrite: true);
        File.SetLastWriteTimeUtc(file, time);
        var third = await ReadFolderAsync(second);

        Assert.Equal(3, new[] { first, second, third }.Select(look => look.Fingerprint).Distinct().Count());
    }

    [Fact]
    public async Task ReadFolderAsync_FileChangedJustNow_IsReadAgain()
    {
        _time.SetUtcNow(TimeProvider.System.GetUtcNow());
        var first = await ReadFolderAsync(last: null);

        Assert.Null(first.Stamp);
        Assert.Equal(first, await ReadFolderAsync(first with { Contents = "what was read" }));
    }

    [Theory]
    [InlineData("extra.txt", "")]
    [InlineData("sub/extra.txt", "x")]
    public async Task StageAsync_ChangedContent_MakesTheNextVersion(string file, string content)
    {
        await StageAsync();
        _folder.Write("projects/hello/" + file, content);

        var deployment = await StageAsync();

        Assert.Equal(2, deployment.Version);
        Assert.True(File.Exists(Path.Combine(deployment.Directory, file)));
        Assert.False(File.Exists(Path.Combine(Staged, "1", file)));
    }

    [Fact]
    public async Task StageAsync_FilesThatAreNoneOfTheDeployment_AreLeftOutAndDoNotCount()
    {
        var first = await StageAsync();
        foreach (var name in new[] { ".env", ".env.local", "._Greetings.deps.json", ".vs/x", "a.swp", "b~", "requirements.lock" })
        {
            _folder.Write("projects/hello/" + name, "secret");
        }

        var second = await StageAsync();

        Assert.Equal(first.Version, second.Version);
        Assert.Equal(
            ["Greetings.deps.json", "Greetings.dll"], Directory.EnumerateFileSystemEntries(second.Directory).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task StageAsync_LinkWithinTheFolder_IsCopiedAsAFile()
    {
        _folder.Write("projects/hello/..data/real.txt", "inside");
        File.CreateSymbolicLink(Path.Combine(Source, "link.txt"), Path.Combine("..data", "real.txt"));

        var deployment = await StageAsync();

        var copy = new FileInfo(Path.Combine(deployment.Directory, "link.txt"));
        Assert.Null(copy.LinkTarget);
        Assert.Equal("inside", File.ReadAllText(copy.FullName));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StageAsync_LinkOutOfTheFolder_IsRefused(bool isDirectory)
    {
        var outside = _folder.Write("projects/hello-sibling/secret.txt", "outside");
        if (isDirectory)
        {
            Directory.CreateSymbolicLink(Path.Combine(Source, "link"), Path.GetDirectoryName(outside)!);
        }
        else
        {
            File.CreateSymbolicLink(Path.Combine(Source, "link"), outside);
        }

        var exception = await Assert.ThrowsAsync<DeploymentException>(StageAsync);

        Assert.Contains("link is a link", exception.Message, StringComparison.Ordinal);
        Assert.Empty(Entries());
    }

    [Fact]
    public async Task StageAsync_LinkThroughAFolderLinkThatLeadsOut_IsRefused()
    {
        _folder.Write("outside/secret.txt", "outside");
        Directory.CreateSymbolicLink(Path.Combine(Source, "..hidden"), _folder.Combine("outside"));
        File.CreateSymbolicLink(Path.Combine(Source, "link"), Path.Combine("..hidden", "secret.txt"));

        await Assert.ThrowsAsync<DeploymentException>(StageAsync);
    }

    [Fact]
    public async Task StageAsync_ProjectFolderThatIsALink_IsFollowed()
    {
        var link = _folder.Combine("projects", "linked");
        Directory.CreateSymbolicLink(link, Source);
        _folder.Write("projects/hello/real.txt", "inside");
        File.CreateSymbolicLink(Path.Combine(Source, "alias.txt"), "real.txt");

        var deployment = await _stager.StageAsync("linked", link, CancellationToken.None);

        Assert.True(File.Exists(Path.Combine(deployment.Directory, "alias.txt")));
    }

    [Fact]
    public async Task StageAsync_InvalidFolder_LeavesNothing()
    {
        File.Delete(Path.Combine(Source, "Greetings.dll"));

        await Assert.ThrowsAsync<DeploymentException>(StageAsync);

        Assert.Empty(Entries());
    }

    [Fact]
    public async Task StageAsync_FolderThatStaysUnreadable_EndsWithAClearError()
    {
        var staging = _stager.StageAsync("hello", _folder.Combine("projects", "gone"), CancellationToken.None);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!staging.IsCompleted && !bound.IsCancellationRequested)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        var exception = await Assert.ThrowsAsync<UnreadableException>(() => staging.WaitAsync(bound.Token));
        Assert.Contains("project hello cannot be read as a whole", exception.Message, StringComparison.Ordinal);
        Assert.IsType<DirectoryNotFoundException>(exception.InnerException);
    }

    [Fact]
    public async Task StageAsync_FolderThatBecomesReadable_IsStaged()
    {
        var late = _folder.Combine("projects", "late");
        var staging = _stager.StageAsync("late", late, CancellationToken.None);
        new PublishedProject(late).Write();

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1, (await staging.WaitAsync(TimeSpan.FromSeconds(10))).Version);
    }

    [Fact]
    public async Task StageAsync_Leftovers_AreSwept()
    {
        Directory.CreateDirectory(Path.Combine(Staged, ".staging-abc"));
        Directory.CreateDirectory(Path.Combine(Staged, ".removed-abc"));
        Directory.CreateDirectory(Path.Combine(Staged, "1"));

        var deployment = await StageAsync();

        Assert.Equal(1, deployment.Version);
        Assert.Equal(["1", "1.json"], Entries());
    }

    [Fact]
    public async Task StageAsync_AtTheSameTime_StagesOnce()
    {
        var deployments = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(StageAsync)));

        Assert.All(deployments, deployment => Assert.Equal(1, deployment.Version));
    }

    [Fact]
    public async Task StageAsync_Cancelled_LeavesNothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _stager.StageAsync("hello", Source, new CancellationToken(canceled: true)));

        Assert.Empty(Entries());
    }

    private Task<FolderReading> ReadFolderAsync(FolderReading? last) => _stager.ReadFolderAsync(Source, last, CancellationToken.None);

    private Task<Deployment> StageAsync() => _stager.StageAsync("hello", Source, CancellationToken.None);

    private IEnumerable<string?> Entries() =>
        Directory.Exists(Staged) ? Directory.EnumerateFileSystemEntries(Staged).Select(Path.GetFileName).Order() : [];
}
