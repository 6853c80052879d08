using System.Collections.Concurrent;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

/// <summary>With the system's own notifications and time: what editors and people do.</summary>
public sealed class ProjectsWatcherFileTests : IAsyncDisposable
{
    private readonly WatchUnderTest _watch = new(time: null);

    public ProjectsWatcherFileTests()
    {
        _watch.Write("hello/Greet.cs", "one");
        _watch.Start();
    }

    private string Greet => Path.Combine(_watch.ProjectsDirectory, "hello", "Greet.cs");

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    [Fact]
    public async Task RunAsync_FileIsWritten_IsReported()
    {
        File.WriteAllText(Greet, "two");

        await _watch.WaitForAsync(1);
        Assert.Equal("hello", _watch.Reported[0]);
    }

    [Fact]
    public async Task RunAsync_FileIsSavedByRename_IsReported()
    {
        File.WriteAllText(Greet + "___jb_tmp___", "two");
        File.Move(Greet, Greet + "___jb_old___");
        File.Move(Greet + "___jb_tmp___", Greet);
        File.Delete(Greet + "___jb_old___");

        await _watch.WaitForAsync(1);
    }

    [Fact]
    public async Task RunAsync_FileIsReplacedByOneOfTheSameSizeAndTime_IsReported()
    {
        var other = _watch.Folder.Write("other.cs", "two");
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(Greet));

        File.Move(other, Greet, overwrite: true);

        await _watch.WaitForAsync(1);
    }

    [Fact]
    public async Task RunAsync_EditorOpensAndTriesTheFolder_IsNotReportedAndTheSaveIs()
    {
        var folder = Path.GetDirectoryName(Greet)!;
        var trial = Path.Combine(folder, "4913");
        File.WriteAllText(Path.Combine(folder, ".Greet.cs.swp"), "swap");
        File.WriteAllText(trial, "");
        File.Delete(trial);
        Directory.CreateDirectory(Path.Combine(folder, "bin", "Debug"));
        File.WriteAllText(Path.Combine(folder, "bin", "Debug", "a.dll"), "x");
        _watch.Write("marker/a.txt", "1");
        await _watch.WaitForAsync(1);
        Assert.Equal(["marker"], _watch.Reported);

        File.Move(Greet, Greet + "~");
        File.WriteAllText(Greet, "two");
        File.Delete(Greet + "~");
        File.Delete(Path.Combine(folder, ".Greet.cs.swp"));

        await _watch.WaitForAsync(2);
        Assert.Equal(["marker", "hello"], _watch.Reported);
    }

    [Fact]
    public async Task RunAsync_FolderIsMovedIn_IsReported()
    {
        _watch.Folder.Write("staged/sub/a.txt", "1");

        Directory.Move(_watch.Folder.Combine("staged"), Path.Combine(_watch.ProjectsDirectory, "moved"));

        await _watch.WaitForAsync(1);
        Assert.Equal(["moved"], _watch.Reported);
    }

    [Fact]
    public async Task RunAsync_FolderIsRemovedAndCopiedAnew_IsOneCallAfterTheWhole()
    {
        var present = new ConcurrentQueue<int>();
        _watch.OnReported = (folder, _) =>
        {
            present.Enqueue(Directory.GetFiles(Path.Combine(_watch.ProjectsDirectory, folder)).Length);
            return Task.CompletedTask;
        };

        Directory.Delete(Path.GetDirectoryName(Greet)!, recursive: true);
        for (var file = 0; file < 50; file++)
        {
            _watch.Write($"hello/{file}.txt", "x");
        }

        await _watch.WaitUntilAsync(() => !present.IsEmpty, "a call");
        Assert.Equal([50], present);
    }

    [Fact]
    public async Task RunAsync_ProjectsDirectoryIsReplaced_ReportsTheNewOne()
    {
        var replaced = _watch.Folder.Combine("replaced");
        _watch.Folder.Write("next/hello/Greet.cs", "longer");
        Directory.Move(_watch.ProjectsDirectory, replaced);
        Directory.Move(_watch.Folder.Combine("next"), _watch.ProjectsDirectory);

        await _watch.WaitForAsync(1);
        Assert.Equal(["hello"], _watch.Reported);
        File.WriteAllText(Greet, "longer still");
        await _watch.WaitForAsync(2);
        Assert.Equal(["hello", "hello"], _watch.Reported);
    }
}
