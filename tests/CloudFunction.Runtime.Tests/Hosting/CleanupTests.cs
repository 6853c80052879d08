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
}
