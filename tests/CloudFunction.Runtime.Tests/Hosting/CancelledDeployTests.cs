using System.IO.Compression;
using CloudFunction.Runtime.Projects;

namespace CloudFunction.Runtime.Tests.Hosting;

/// <summary>Callers that leave while something is deployed for them.</summary>
public sealed class CancelledDeployTests : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly TestRuntime _runtime = new();
    private readonly CancellationTokenSource _leaving = new();

    // Its build says which process waits, waits, and fails once it is told to go on.
    private string Project => $"""
        <Project Sdk="Microsoft.NET.Sdk" InitialTargets="Wait">
          <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
          <Target Name="Wait"><Exec Command="echo $$ &gt; '{Started}'; while [ ! -e '{Go}' ]; do sleep 0.1; done; exit 1" /></Target>
        </Project>
        """;

    private string Started => _runtime.PathOf("started");

    private string Go => _runtime.PathOf("go");

    private IProjectOperations Operations => _runtime.Operations;

    public async ValueTask DisposeAsync()
    {
        await _runtime.DisposeAsync();
        _leaving.Dispose();
    }

    [SkippableFact]
    public async Task DeployAsync_CallerLeavesWhileItBuilds_EndsTheBuildAndCountsAsNotTried()
    {
        var versions = await StartAsync();
        _runtime.Write("Slow.csproj", Project);
        var deploy = Operations.DeployAsync(TestRuntime.Project, _leaving.Token);
        var shell = await TestProcess.WaitForIdAsync(Started, deploy);

        await LeaveAsync(deploy);

        await TestProcess.WaitForEndAsync(shell);
        await AssertUnchangedAsync(versions);

        // The watcher takes what the folder holds now, which nobody has tried yet.
        File.Delete(Started);
        await File.WriteAllTextAsync(Go, "");
        await _runtime.Folders.SyncAsync(TestRuntime.Project, CancellationToken.None).WaitAsync(Limit);
        Assert.True(File.Exists(Started), "The folder was not built again.");
        Assert.NotNull(_runtime.Find()!.LastError);
        Assert.Equal(42, (int)await _runtime.InvokeAsync("query"));
    }

    [SkippableFact]
    public async Task UploadAsync_CallerLeavesWhileItBuilds_LeavesNoProject()
    {
        await StartAsync();
        var upload = Operations.UploadAsync("fresh", Zip(Project), _leaving.Token);
        var shell = await TestProcess.WaitForIdAsync(Started, upload);

        await LeaveAsync(upload);

        await TestProcess.WaitForEndAsync(shell);
        await AssertNothingLeftAsync();
        Assert.False(Directory.Exists(_runtime.PathOf("deployments", "fresh")));
        Assert.Equal(
            ProjectErrorCode.ProjectNotFound,
            (await Assert.ThrowsAsync<ProjectException>(() => Operations.GetVersionsAsync("fresh", CancellationToken.None))).Code);
    }

    [SkippableFact]
    public async Task UploadAsync_CallerLeavesWhileItWaitsForAnotherOperation_IsNeverBegun()
    {
        var versions = await StartAsync();
        _runtime.Write("Slow.csproj", Project);
        using var first = new CancellationTokenSource();
        var deploy = Operations.DeployAsync(TestRuntime.Project, first.Token);
        await TestProcess.WaitForIdAsync(Started, deploy);

        var upload = Operations.UploadAsync(TestRuntime.Project, Zip("<Project />"), _leaving.Token);
        await LeaveAsync(upload);

        Assert.False(deploy.IsCompleted, "The first operation goes on.");
        await first.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploy.WaitAsync(Limit));
        await AssertNothingLeftAsync();
        Assert.Contains("Slow.csproj", Directory.GetFiles(_runtime.Folder).Select(Path.GetFileName));
        await AssertUnchangedAsync(versions);
    }

    [SkippableFact]
    public async Task UploadAsync_CallerLeavesOnceItIsReceived_ChangesNothing()
    {
        var versions = await StartAsync();
        using var archive = new LastReadStream(Zip("<Project />").ToArray(), _leaving.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Operations.UploadAsync(TestRuntime.Project, archive, _leaving.Token).WaitAsync(Limit));

        await AssertNothingLeftAsync();
        await AssertUnchangedAsync(versions);
    }

    private static MemoryStream Zip(string project)
    {
        var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        using (var writer = new StreamWriter(archive.CreateEntry("Slow.csproj").Open()))
        {
            writer.Write(project);
        }

        stream.Position = 0;
        return stream;
    }

    private async Task<int[]> StartAsync()
    {
        Skip.If(OperatingSystem.IsWindows());
        Assert.Equal(42, (int)await _runtime.WriteSystemEnv("WATCH_PROJECTS=false\n").Deploy("NativeFunctions").InvokeAsync("query"));
        return await VersionsAsync();
    }

    private async Task LeaveAsync(Task operation)
    {
        await _leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => operation.WaitAsync(Limit));
    }

    private async Task AssertUnchangedAsync(int[] versions)
    {
        // Whatever is undone still is so once another operation has its turn.
        Assert.Equal(ProjectStatus.Running, (await Operations.StartAsync(TestRuntime.Project, CancellationToken.None).WaitAsync(Limit)).Status);
        Assert.Null(_runtime.Find()!.LastError);
        Assert.Equal(versions, await VersionsAsync());
        Assert.Equal(42, (int)await _runtime.InvokeAsync("query"));
    }

    private async Task AssertNothingLeftAsync()
    {
        var uploads = _runtime.PathOf("data", "uploads");
        for (var tries = 0; tries < 1000 && (Left() is not [TestRuntime.Project] || Directory.EnumerateFiles(uploads).Any()); tries++)
        {
            await Task.Delay(20);
        }

        Assert.Equal([TestRuntime.Project], Left());
        Assert.Empty(Directory.EnumerateFiles(uploads));

        string[] Left() => [.. Directory.GetFileSystemEntries(_runtime.PathOf("projects")).Select(path => Path.GetFileName(path))];
    }

    private async Task<int[]> VersionsAsync() =>
        [.. (await Operations.GetVersionsAsync(TestRuntime.Project, CancellationToken.None)).Select(each => each.Version)];

    /// <summary>Reports that all of it has been read.</summary>
    private sealed class LastReadStream(byte[] content, Action onEnd) : MemoryStream(content)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                onEnd();
            }

            return read;
        }
    }
}
