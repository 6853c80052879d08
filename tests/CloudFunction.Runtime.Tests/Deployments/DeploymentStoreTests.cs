using System.Text;
using CloudFunction.Runtime.Deployments;

namespace CloudFunction.Runtime.Tests.Deployments;

public sealed class DeploymentStoreTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly RecordingLogger<DeploymentStore> _logger = new();
    private readonly DeploymentStore _store;

    public DeploymentStoreTests() => _store = Open();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void List_UnknownProject_IsEmpty()
    {
        Assert.Empty(_store.List("none"));
        Assert.Null(_store.FindNewest("none"));
        Assert.Null(_store.FindActive("none"));
    }

    [Fact]
    public void List_TenVersions_SortsByNumber()
    {
        Add(10);

        Assert.Equal(Enumerable.Range(1, 10), Open().List("hello").Select(deployment => deployment.Version));
        Assert.Equal(10, Open().FindNewest("hello")!.Version);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"created_at":"2026-01-01T00:00:00Z","fingerprint":null,"contents":null}""")]
    public void List_CorruptManifest_IsPassedOver(string text)
    {
        Add(2);
        _folder.Write("hello/2.json", text);

        Assert.Equal([1], Open().List("hello").Select(deployment => deployment.Version));
        Assert.Equal(1, Open().FindNewest("hello")!.Version);
        if (text != "null")
        {
            Assert.Contains(_logger.Messages, message => message.Contains("2.json cannot be read", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void List_FilesGone_IsPassedOver()
    {
        Add(2);
        Directory.Delete(_folder.Combine("hello", "2"), recursive: true);

        Assert.Equal([1], Open().List("hello").Select(deployment => deployment.Version));
        Assert.Contains(_logger.Messages, message => message.Contains("version 2 is passed over", StringComparison.Ordinal));
    }

    [Fact]
    public void SetFunctions_Reopened_KeepsEverything()
    {
        var function = new DeployedFunction(
            "greet", "Greets", "unary", TimeSpan.FromMilliseconds(1500), 4, null,
            Encoding.UTF8.GetBytes("""{"type":"object"}"""), ReadOnlyMemory<byte>.Empty,
            [new DeployedSchedule("0 8 * * 1", "UTC", "{}", "Once", "Skip")]);

        _store.SetFunctions(Add(1), [function]);

        var manifest = Open().Find("hello", 1)!.Manifest;
        var kept = Assert.Single(manifest.Functions!);
        Assert.Equal("""{"type":"object"}""", Encoding.UTF8.GetString(kept.Parameters.Span));
        Assert.True(kept.Response.IsEmpty);
        Assert.Equal(function.Schedules, kept.Schedules);
        Assert.Equal(function, kept with { Parameters = function.Parameters, Response = function.Response, Schedules = function.Schedules });
        Assert.Equal(["A==1"], manifest.Contents.Dependencies);
        Assert.Contains("\"timeout_ms\": 1500", File.ReadAllText(_folder.Combine("hello", "1.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void UpdateContents_OnlyWhatDiffers_IsWritten()
    {
        var deployment = Add(1);

        Assert.Same(deployment, _store.UpdateContents(deployment, Contents()));
        _store.UpdateContents(deployment, Contents() with { NeedsOwnProcess = true, OwnProcessReason = "why" });

        Assert.True(Open().Find("hello", 1)!.Manifest.Contents.NeedsOwnProcess);
    }

    [Fact]
    public void UpdateContents_FrameworkOverrides_AreKeptWithAFileToStartWith()
    {
        var deployment = _store.UpdateContents(Add(1), Contents() with { RuntimeConfig = "{}", FrameworkOverrides = [new FrameworkOverride("sub/A.dll", new Version(11, 0, 0, 0))] });

        Assert.Equal(deployment.Manifest.Contents.FrameworkOverrides, Open().Find("hello", 1)!.Manifest.Contents.FrameworkOverrides);
        Assert.Equal("{}", File.ReadAllText(deployment.RuntimeConfigPath!));
        Assert.Contains("\"sub/A.dll\"", File.ReadAllText(deployment.AdditionalDepsPath!), StringComparison.Ordinal);
        Assert.Equal([1], Open().List("hello").Select(found => found.Version));

        File.Delete(deployment.AdditionalDepsPath!);
        _store.UpdateContents(deployment, deployment.Manifest.Contents with { FrameworkOverrides = [.. deployment.Manifest.Contents.FrameworkOverrides!] });
        Assert.True(File.Exists(deployment.AdditionalDepsPath));

        _store.UpdateContents(deployment, Contents());
        Assert.Equal(["1", "1.json"], Directory.EnumerateFileSystemEntries(_folder.Combine("hello")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Remove_VersionWithFilesToStartWith_RemovesThemToo()
    {
        var deployment = _store.UpdateContents(Add(1), Contents() with { RuntimeConfig = "{}", FrameworkOverrides = [new FrameworkOverride("A.dll", new Version(11, 0, 0, 0))] });
        File.WriteAllText(SelfContainedLaunch.FileOf(deployment.Directory), "{}");

        _store.Remove("hello", 1);

        Assert.Equal(["active.json"], Directory.EnumerateFileSystemEntries(_folder.Combine("hello")).Select(Path.GetFileName));
    }

    [Fact]
    public void SetActive_Reopened_IsKept()
    {
        Add(3);

        _store.SetActive("hello", 2);
        Assert.Equal(2, Open().FindActive("hello")!.Version);

        _store.SetActive("hello", null);
        Assert.Null(Open().FindActive("hello"));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder.Combine("hello")), file => file.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public void FindActive_CorruptRecord_IsNoneAndLogged()
    {
        Add(1);
        _folder.Write("hello/active.json", "garbage");

        Assert.Null(Open().FindActive("hello"));
        Assert.Contains(_logger.Messages, message => message.Contains("active.json", StringComparison.Ordinal));
    }

    [Fact]
    public void Trim_TooMany_KeepsTheNewestTheActiveAndThoseInUse()
    {
        Add(7);
        _store.SetActive("hello", 1);

        var removed = _store.Trim("hello", keep: 3, inUse: [2]);

        Assert.Equal(2, removed);
        Assert.Equal([1, 2, 5, 6, 7], Open().List("hello").Select(deployment => deployment.Version));
        Assert.False(Directory.Exists(_folder.Combine("hello", "3")));
    }

    [Fact]
    public void Remove_NewestVersion_ItsNumberIsNotGivenOutAgain()
    {
        Add(2);
        _store.SetActive("hello", 2);

        _store.Remove("hello", 2);

        Assert.Null(Open().FindActive("hello"));
        Assert.Equal(3, AddOne(Open()).Version);
    }

    [Fact]
    public void RemoveProject_WithVersions_LeavesNothing()
    {
        Add(2);

        _store.RemoveProject("hello");

        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Sweep_VersionWithManifest_Stays()
    {
        Add(1);
        Directory.CreateDirectory(_folder.Combine("hello", "2"));

        _store.Sweep("hello");

        Assert.True(Directory.Exists(_folder.Combine("hello", "1")));
        Assert.False(Directory.Exists(_folder.Combine("hello", "2")));
    }

    private DeploymentStore Open() => new(_folder.Path, _logger);

    private Deployment Add(int count) => Enumerable.Range(0, count).Select(_ => AddOne(_store)).ToList()[^1];

    private static Deployment AddOne(DeploymentStore store) =>
        store.Add("hello", store.CreateTemporaryDirectory("hello"), version => new DeploymentManifest(version, DateTimeOffset.UnixEpoch, "f" + version, Contents(), null));

    private static DeploymentContents Contents() => new("Greetings.dll", "net10.0", ["A==1"], false, null, null, null);
}
