using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Runtime.Tests.Hosting;

public sealed class CleanupTests : IAsyncDisposable
{
    private readonly TestRuntime _runtime = new();

    public ValueTask DisposeAsync() => _runtime.DisposeAsync();

    /// <summary>Nothing else removes these while a host runs and nobody deploys.</summary>
    [Fact]
    public async Task Sweep_StrayFoldersVersionsAndRunFiles_AreRemovedAtTheInterval()
    {
        _runtime.Environment["CLOUDFUNCTION_CLEANUP_INTERVAL"] = "100ms";
        _runtime.Environment["CLOUDFUNCTION_KEEP_VERSIONS"] = "1";
        await _runtime.Deploy("NativeFunctions").InvokeAsync("query");
        var serving = (await _runtime.FindDeploymentAsync()).Directory;
        var versions = Path.GetDirectoryName(serving)!;
        var staging = Directory.CreateDirectory(Path.Combine(versions, ".staging-left")).FullName;
        var unfinished = Directory.CreateDirectory(Path.Combine(versions, "7")).FullName;
        var (middle, newest) = (Path.Combine(versions, "2.json"), Path.Combine(versions, "3.json"));
        File.Copy(serving + ".json", newest);
        File.Copy(serving + ".json", middle);

        // No process has this number: Linux and Windows give out far smaller ones.
        var record = _runtime.PathOf("data", "run", "workers", "2147483600");
        await File.WriteAllTextAsync(record, "1");

        Patience.Until(
            () => !Directory.Exists(staging) && !Directory.Exists(unfinished) && !File.Exists(middle) && !File.Exists(record),
            () => $"{string.Join(", ", Directory.GetFileSystemEntries(versions))}, record {File.Exists(record)}");

        Assert.True(Directory.Exists(serving));
        Assert.True(File.Exists(newest));
        Assert.Equal(42, (int)await _runtime.InvokeAsync("query"));
    }

    /// <summary>Else builds and the trash grow for as long as there are projects that come and go.</summary>
    [Fact]
    public async Task Start_BuildsAndTrashOfProjectsThatAreGone_AreRemovedAndThoseOfOthersStay()
    {
        _runtime.Environment["CLOUDFUNCTION_CLEANUP_INTERVAL"] = "100ms";
        _runtime.Deploy("NativeFunctions");
        var (gone, half) = (Make("data", "builds", "gone"), Make("data", "builds", ".removed-left"));
        var (old, recent) = (Make("data", "trash", "gone-20010203T040506078"), Make("data", "trash", "gone-29990203T040506078"));
        var (copy, kept) = (Make("data", "trash", ".copying-left"), Make("data", "builds", TestRuntime.Project));
        var waiting = Make("data", "builds", "waiting"); // Its folder is there, and whether it is a project is not known yet.
        Make("projects", "waiting");

        await _runtime.StartAsync();

        Patience.Until(
            () => !((string[])[gone, half, old, copy]).Any(Directory.Exists),
            () => string.Join(", ", Directory.GetFileSystemEntries(_runtime.PathOf("data"), "*", SearchOption.AllDirectories)));
        Assert.All((string[])[recent, kept, waiting], path => Assert.True(Directory.Exists(path), path));

        Directory.CreateDirectory(gone);
        Patience.Until(() => !Directory.Exists(gone), () => "It is not removed while the host runs.");
    }

    private string Make(params string[] path) => Path.GetDirectoryName(Write(path))!;

    private string Write(string[] path)
    {
        var file = Path.Combine(_runtime.PathOf(path), "a.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        return file;
    }
}
