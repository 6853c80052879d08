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
    public async Task FindAsync_CorruptManifest_IsNoneAndLogged(string text)
    {
        _folder.Write("hello/2.json", text);

        Assert.Null(await Catalog.FindAsync("hello", 2, default));
        Assert.Equal([2], await Catalog.ListVersionsAsync("hello", default));
        Assert.Equal(3, await Catalog.ReserveVersionAsync("hello", default));
        if (text != "null")
        {
            Assert.Contains(_logger.Messages, message => message.Contains("2.json cannot be read", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task FindAsync_ManifestOfAnotherVersion_IsNone()
    {
        await Catalog.SaveAsync("hello", TestStaging.Manifest(1), default);
        File.Copy(_folder.Combine("hello", "1.json"), _folder.Combine("hello", "2.json"));

        Assert.Null(await Catalog.FindAsync("hello", 2, default));
    }

    [Fact]
    public async Task ReadLiveAsync_CorruptRecord_IsNoneAndLogged()
    {
        _folder.Write("hello/active.json", "garbage");

        Assert.Equal(LiveVersions.None, await Catalog.ReadLiveAsync("hello", default));
        Assert.Contains(_logger.Messages, message => message.Contains("active.json", StringComparison.Ordinal));
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
