using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class FileDeploymentCatalogTests : DeploymentCatalogContract, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly RecordingLogger<FileDeploymentCatalog> _logger = new();
    private FileDeploymentCatalog _catalog;

    public FileDeploymentCatalogTests() => _catalog = new FileDeploymentCatalog(_folder.Path, _logger);

    private protected override IDeploymentCatalog Catalog => _catalog;

    public void Dispose() => _folder.Dispose();

    private protected override Task ReopenAsync()
    {
        Assert.Empty(Directory.EnumerateFiles(_folder.Path, "*" + DurableFile.TemporarySuffix, SearchOption.AllDirectories));
        _catalog = new FileDeploymentCatalog(_folder.Path, _logger);
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"created_at":"2026-01-01T00:00:00Z","fingerprint":null,"contents":null}""")]
    public async Task FindAsync_DamagedManifest_IsAnErrorThatNamesItAndNoVersionLess(string text)
    {
        var path = _folder.Write("hello/2.json", text);

        Assert.Contains(
            path, (await Assert.ThrowsAsync<DamagedRecordException>(() => Catalog.FindAsync("hello", 2, default))).Message, StringComparison.Ordinal);
        Assert.Equal([2], await Catalog.ListVersionsAsync("hello", default));
        Assert.Equal(3, await Catalog.ReserveVersionAsync("hello", default));
    }

    [Fact]
    public async Task FindAsync_ManifestOfAnotherVersion_IsDamaged()
    {
        await Catalog.SaveAsync("hello", TestStaging.Manifest(1), default);
        File.Copy(_folder.Combine("hello", "1.json"), _folder.Combine("hello", "2.json"));

        await Assert.ThrowsAsync<DamagedRecordException>(() => Catalog.FindAsync("hello", 2, default));
    }

    /// <summary>What served is not known then, which is not that nothing did. Only what an operator decides takes the record's place.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("null")]
    [InlineData("{}")]
    public async Task ReadLiveAsync_DamagedRecord_IsAnErrorUntilItIsRecordedAnew(string text)
    {
        await Catalog.SaveAsync("hello", TestStaging.Manifest(2), default);
        Directory.CreateDirectory(_folder.Combine("hello", "5")); // Its manifest went; its number was given out.
        var path = _folder.Write("hello/active.json", text);

        var error = await Assert.ThrowsAsync<DamagedRecordException>(() => Catalog.ReadLiveAsync("hello", default));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<DamagedRecordException>(() => Catalog.RemoveAsync("hello", 2, default));
        Assert.Equal(text, File.ReadAllText(path));
        Assert.Equal([2], await Catalog.ListVersionsAsync("hello", default));
        Assert.Equal(["hello"], await Catalog.ListProjectsAsync(default));
        Assert.Equal(6, await Catalog.ReserveVersionAsync("hello", default));
        Assert.Empty(_logger.Messages);

        await Catalog.SetLiveAsync("hello", new LiveVersions(2, null, "f"), default);
        await ReopenAsync();

        Assert.Equal(new LiveVersions(2, null, "f"), await Catalog.ReadLiveAsync("hello", default));
        Assert.Equal(6, await Catalog.ReserveVersionAsync("hello", default));
        Assert.Equal(text, File.ReadAllText(path + ".damaged"));
        Assert.Contains(path + ".damaged", Assert.Single(_logger.Messages), StringComparison.Ordinal);
    }

    /// <summary>What may not be read is not missing: nothing is decided on it, and nothing written in its place.</summary>
    [SkippableTheory]
    [InlineData("hello/active.json", "000", true)]
    [InlineData("hello", "000", false)]
    [InlineData("", "000", false)]
    public async Task AnyMethod_NoRights_IsAnErrorAndChangesNothing(string closed, string mode, bool canBeListed)
    {
        await Catalog.SaveAsync("hello", TestStaging.Manifest(1), default);
        await Catalog.SetLiveAsync("hello", new LiveVersions(1), default);
        AnotherUser.SetMode(_folder.Path, "777");
        AnotherUser.SetMode(_folder.Combine("hello"), "777");
        var active = _folder.Combine("hello", "active.json");
        var before = File.ReadAllText(active);
        AnotherUser.SetMode(_folder.Combine(closed), mode);
        try
        {
            AnotherUser.Run(() =>
            {
                Func<Task>[] all =
                [
                    () => Catalog.ReadLiveAsync("hello", default),
                    () => Catalog.ReserveVersionAsync("hello", default),
                    () => Catalog.SetLiveAsync("hello", new LiveVersions(2), default),
                    () => Catalog.RemoveAsync("hello", 1, default),
                    .. canBeListed ? [] : (Func<Task>[])[
                        () => Catalog.ListVersionsAsync("hello", default),
                        () => Catalog.FindAsync("hello", 1, default),
                        () => Catalog.RemoveProjectAsync("hello", default),
                    ],
                ];
                Assert.All(all, act => Assert.Throws<UnauthorizedAccessException>(() => act().GetAwaiter().GetResult()));
                if (closed.Length > 0)
                {
                    Assert.Equal(["hello"], Catalog.ListProjectsAsync(default).GetAwaiter().GetResult());
                }
            });
        }
        finally
        {
            AnotherUser.SetMode(_folder.Combine(closed), "777");
        }

        Assert.Equal(before, File.ReadAllText(active));
        Assert.Equal(["1.json", "active.json"], Directory.GetFiles(_folder.Combine("hello")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("notes.json")]
    [InlineData("01.json")]
    [InlineData("-1.json")]
    [InlineData("1.json.tmp")]
    public async Task ListVersionsAsync_OtherFiles_AreNoVersions(string file)
    {
        _folder.Write("hello/" + file, "{}");

        Assert.Empty(await Catalog.ListVersionsAsync("hello", default));
        Assert.Empty(await Catalog.ListProjectsAsync(default));
    }

    /// <summary>What earlier releases wrote, to the letter.</summary>
    [Fact]
    public async Task AnyRead_FilesOfAnEarlierRelease_AreUnderstood()
    {
        _folder.Write("hello/active.json", """
            {
              "active_version": 4,
              "last_version": 6,
              "traffic": {
                "4": 80,
                "2": 20
              },
              "folder_fingerprint": "ab12"
            }
            """);
        _folder.Write("hello/4.json", """
            {
              "version": 4,
              "created_at": "2026-01-02T03:04:05+00:00",
              "fingerprint": "ab12",
              "contents": {
                "entry_assembly": "Greetings.dll",
                "target_framework": "net10.0",
                "dependencies": [ "A==1" ],
                "needs_own_process": false,
                "own_process_reason": null,
                "runtime_config": null,
                "framework_overrides": null
              },
              "functions": [
                {
                  "name": "greet", "description": null, "kind": "unary", "timeout_ms": 1500, "max_concurrent": null, "max_attempts": null,
                  "parameters": null, "response": null
                }
              ]
            }
            """);

        Assert.Equal(new LiveVersions(4, new Dictionary<int, int> { [4] = 80, [2] = 20 }, "ab12"), await Catalog.ReadLiveAsync("hello", default));
        Assert.Equal(7, await Catalog.ReserveVersionAsync("hello", default));
        var manifest = (await Catalog.FindAsync("hello", 4, default))!;
        Assert.Equal(("ab12", DeploymentSource.Folder), (manifest.Fingerprint, manifest.Source));
        Assert.Equal(("greet", TimeSpan.FromSeconds(1.5)), (manifest.Functions![0].Name, manifest.Functions[0].Timeout!.Value));
    }

    [Fact]
    public async Task SetLiveAsync_AsItIs_WritesNothing()
    {
        await Catalog.SetLiveAsync("hello", new LiveVersions(1, null, "f"), default);
        var file = _folder.Combine("hello", "active.json");
        var content = File.ReadAllText(file);
        var written = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(file, written);

        await Catalog.SetLiveAsync("hello", new LiveVersions(1, null, "f"), default);
        Assert.Equal(written, File.GetLastWriteTimeUtc(file));

        await Catalog.SetLiveAsync("hello", new LiveVersions(2, null, "f"), default);
        Assert.NotEqual(written, File.GetLastWriteTimeUtc(file));
        Assert.NotEqual(content, File.ReadAllText(file));
    }

    /// <summary>What makes room must not need any.</summary>
    [Fact]
    public async Task RemoveAsync_NeitherLiveNorTheHighest_WritesNothing()
    {
        foreach (var version in (int[])[1, 2, 3])
        {
            await Catalog.SaveAsync("hello", TestStaging.Manifest(version), default);
        }

        await Catalog.SetLiveAsync("hello", new LiveVersions(2), default);
        Directory.CreateDirectory(_folder.Combine("hello", "active.json" + DurableFile.TemporarySuffix)); // Whoever writes fails.
        await Catalog.RemoveAsync("hello", 1, default);
        Assert.Equal([2, 3], await Catalog.ListVersionsAsync("hello", default));

        await Assert.ThrowsAnyAsync<SystemException>(() => Catalog.RemoveAsync("hello", 3, default));
        await Assert.ThrowsAnyAsync<SystemException>(() => Catalog.RemoveAsync("hello", 2, default));
        Assert.Equal([2, 3], await Catalog.ListVersionsAsync("hello", default));
    }
}
