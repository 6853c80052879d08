using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

public sealed class ProjectsWatcherTests : IAsyncDisposable
{
    private readonly WatchUnderTest _watch = new(new FakeTimeProvider());

    public ValueTask DisposeAsync() => _watch.DisposeAsync();

    [Fact]
    public async Task RunAsync_ChangesThatDoNotCount_AreNotReported()
    {
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();
        foreach (var path in new[]
        {
            "hello/bin/a.dll",
            "hello/obj/a.json",
            "hello/requirements.lock",
            "hello/.Greet.cs.swp",
            ".staging-hello/Greet.cs",
            "readme.md",
        })
        {
            _watch.Write(path, "x");
            _watch.Source.Change(path);
        }

        await MarkAsync();

        Assert.Equal(["marker"], _watch.Reported);
    }

    [Fact]
    public async Task RunAsync_Notified_IsReportedOnceItIsQuiet()
    {
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();

        _watch.Write("hello/.env", "A=1");
        _watch.Source.Change("hello/.env");
        _watch.Source.Change("hello/.env");

        await _watch.WaitForAsync(1);
        await MarkAsync();
        Assert.Equal(["hello", "marker"], _watch.Reported);
    }

    [Fact]
    public async Task RunAsync_FilesAreCopiedSlowly_IsOneCallAfterTheWhole()
    {
        const int Files = 40;
        var present = new ConcurrentQueue<int>();
        _watch.OnReported = (folder, _) =>
        {
            present.Enqueue(Directory.GetFiles(Path.Combine(_watch.ProjectsDirectory, folder)).Length);
            return Task.CompletedTask;
        };
        _watch.Start();

        for (var file = 1; file <= Files; file++)
        {
            _watch.Write($"copied/{file}.txt", "x");
            _watch.Source.Change($"copied/{file}.txt");
            _watch.Time.Advance(TimeSpan.FromMilliseconds(700));
        }

        await _watch.WaitUntilAsync(() => !present.IsEmpty, "a call");
        Assert.Equal([Files], present);
    }

    [Fact]
    public async Task RunAsync_NotificationsOverflow_ReportsAllAndFindsTheNewFolder()
    {
        _watch.Write("one/a.txt", "1");
        _watch.Write("two/a.txt", "1");
        _watch.Start();
        _watch.Write("three/a.txt", "1");

        _watch.Source.Fail(new InternalBufferOverflowException());

        await _watch.WaitForAsync(3);
        Assert.Equal(["one", "three", "two"], _watch.Reported.Order(StringComparer.Ordinal));
        await _watch.WaitUntilAsync(() => _watch.Source.Listened > 1, "listening anew");
    }

    [Fact]
    public async Task RunAsync_NothingIsNotified_TheScanFindsItAndListensAnew()
    {
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();

        _watch.Write("hello/Greet.cs", "changed");

        await _watch.WaitForAsync(1);
        Assert.Equal(["hello"], _watch.Reported);
        await _watch.WaitUntilAsync(() => _watch.Source.Listened > 1, "listening anew");
    }

    [Fact]
    public async Task RunAsync_SystemRefuses_WarnsOnceAndScans()
    {
        _watch.Source.Refusal = new IOException("The configured user limit on the number of inotify watches has been reached.");
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();

        _watch.Write("hello/Greet.cs", "changed");
        await _watch.WaitForAsync(1);
        var later = _watch.Time.GetUtcNow() + TimeSpan.FromSeconds(70);
        await _watch.WaitUntilAsync(() => _watch.Time.GetUtcNow() > later, "a minute and the second attempt");

        var warning = Assert.Single(_watch.Logged, message => message.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains("inotify watches has been reached", warning, StringComparison.Ordinal);
        Assert.Contains("fs.inotify.max_user_watches", warning, StringComparison.Ordinal);
        _watch.Source.Refusal = null;
        await _watch.WaitUntilAsync(() => _watch.Source.IsListenedTo, "listening");
        await _watch.WaitUntilAsync(
            () => _watch.Logged.Any(message => message.EndsWith("again", StringComparison.Ordinal)), "the message that says so");
    }

    [Fact]
    public async Task RunAsync_ListeningBreaks_WarnsAndScans()
    {
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();

        _watch.Source.Fail(new IOException("No space left on device"));
        await _watch.WaitUntilAsync(() => !_watch.Source.IsListenedTo, "the end of listening");
        await _watch.WaitForAsync(1); // Any folder may have changed.
        _watch.Write("hello/Greet.cs", "changed");

        await _watch.WaitForAsync(2);
        Assert.Single(_watch.Logged, message => message.Contains("No space left on device", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_ChangesDuringTheCall_AreAnotherCallAfterIt()
    {
        var running = 0;
        var most = 0;
        var release = new TaskCompletionSource();
        _watch.OnReported = async (_, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await release.Task;
            Interlocked.Decrement(ref running);
        };
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();
        _watch.Source.Change("hello/Greet.cs");
        await _watch.WaitForAsync(1);

        _watch.Source.Change("hello/Greet.cs");
        _watch.Write("hello/Greet.cs", "changed");
        var later = _watch.Time.GetUtcNow() + TimeSpan.FromSeconds(20);
        await _watch.WaitUntilAsync(() => _watch.Time.GetUtcNow() > later, "20 seconds");
        Assert.Equal(["hello"], _watch.Reported);
        release.SetResult();

        await _watch.WaitForAsync(2);
        Assert.Equal(1, most);
    }

    [SkippableFact]
    public async Task RunAsync_OneFolderIsSlow_AnotherIsReportedMeanwhile()
    {
        Skip.If(Environment.ProcessorCount < 2, "As many at once as there are cores.");
        var release = new TaskCompletionSource();
        _watch.OnReported = (folder, _) => folder == "slow" ? release.Task : Task.CompletedTask;
        _watch.Write("slow/a.txt", "1");
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();

        _watch.Source.Change("slow/a.txt");
        await _watch.WaitForAsync(1);
        _watch.Source.Change("hello/Greet.cs");

        await _watch.WaitForAsync(2);
        Assert.Equal(["slow", "hello"], _watch.Reported);
        release.SetResult();
    }

    [Fact]
    public async Task RunAsync_AsManyBuildsAsAreTakenAtOnce_OtherKindsAreReportedMeanwhile()
    {
        var release = new TaskCompletionSource();
        var slow = Enumerable.Range(0, Environment.ProcessorCount).Select(number => $"slow-{number}").ToList();
        _watch.OnReported = (folder, _) => slow.Contains(folder) ? release.Task : Task.CompletedTask;
        slow.ForEach(folder => _watch.Write($"{folder}/P.csproj", "1"));
        _watch.Write("one-more/P.csproj", "1");
        _watch.Write("hello/Greet.cs", "1");
        _watch.Write("published/a.dll", "1");
        _watch.Start();
        foreach (var folder in slow)
        {
            _watch.Source.Change($"{folder}/P.csproj");
        }

        await _watch.WaitForAsync(slow.Count);
        _watch.Source.Change("one-more/P.csproj");
        _watch.Source.Change("hello/Greet.cs");
        _watch.Source.Change("published/a.dll");

        await _watch.WaitForAsync(slow.Count + 2);
        Assert.Equal(["hello", "published"], _watch.Reported.Except(slow).Order(StringComparer.Ordinal));
        release.SetResult();
        await _watch.WaitForAsync(slow.Count + 3);
        Assert.Equal("one-more", _watch.Reported[^1]);
    }

    [Fact]
    public async Task RunAsync_CallThrows_IsLoggedAndTheNextChangeIsReported()
    {
        _watch.OnReported = (_, _) => throw new InvalidOperationException("Broken.");
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();

        _watch.Source.Change("hello/Greet.cs");
        await _watch.WaitForAsync(1);
        _watch.Source.Change("hello/Greet.cs");

        await _watch.WaitForAsync(2);
        Assert.Contains(
            _watch.Logged, message => message.StartsWith("Error: Taking the change of the folder hello failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_FolderGoes_IsReported()
    {
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();

        Directory.Delete(Path.Combine(_watch.ProjectsDirectory, "hello"), recursive: true);

        await _watch.WaitForAsync(1);
        await MarkAsync();
        Assert.Equal(["hello", "marker"], _watch.Reported);
    }

    [Fact]
    public async Task RunAsync_ProjectsDirectoryGoesAndComesBack_ReportsWhatDiffersAlone()
    {
        _watch.Write("same/a.txt", "1");
        _watch.Write("other/a.txt", "1");
        _watch.Start();
        var aside = _watch.Folder.Combine("aside");

        Directory.Move(_watch.ProjectsDirectory, aside);
        await _watch.WaitUntilAsync(
            () => _watch.Logged.Any(message => message.Contains("is not there or cannot be read", StringComparison.Ordinal)), "the warning");
        var later = _watch.Time.GetUtcNow() + TimeSpan.FromSeconds(20);
        await _watch.WaitUntilAsync(() => _watch.Time.GetUtcNow() > later, "20 seconds");
        Assert.Empty(_watch.Reported);
        Assert.False(_watch.Source.IsListenedTo);
        Directory.Move(aside, _watch.ProjectsDirectory);
        _watch.Write("other/a.txt", "changed");

        await _watch.WaitForAsync(1);
        await MarkAsync();
        Assert.Equal(["other", "marker"], _watch.Reported);
        Assert.True(_watch.Source.IsListenedTo);
    }

    [Fact]
    public async Task RunAsync_NoProjectsDirectoryAtStart_FindsItOnceItIsThere()
    {
        Directory.Delete(_watch.ProjectsDirectory);
        _watch.Start();

        _watch.Write("hello/Greet.cs", "1");

        await _watch.WaitForAsync(1);
        await _watch.WaitUntilAsync(() => _watch.Source.IsListenedTo, "listening");
    }

    [Fact]
    public async Task RunAsync_CommonFileChanges_ReportsEveryFolder()
    {
        _watch.Write("one/a.txt", "1");
        _watch.Write("Not A Project/a.txt", "1");
        _watch.Write(".hidden/a.txt", "1");
        _watch.Start();

        File.WriteAllText(_watch.CommonFile, "Serilog==4.0.0");

        await _watch.WaitForAsync(2);
        Assert.Equal(["Not A Project", "one"], _watch.Reported.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsAfterTheCallThatRuns()
    {
        var ended = false;
        _watch.OnReported = async (_, cancellationToken) =>
        {
            var cancelled = new TaskCompletionSource();
            await using var registration = cancellationToken.Register(cancelled.SetResult);
            await cancelled.Task;
            await Task.Yield();
            ended = true;
            cancellationToken.ThrowIfCancellationRequested();
        };
        _watch.Write("hello/Greet.cs", "1");
        _watch.Start();
        _watch.Source.Change("hello/Greet.cs");
        await _watch.WaitForAsync(1);

        await _watch.StopAsync();

        Assert.True(ended);
        Assert.DoesNotContain(_watch.Logged, message => message.StartsWith("Error", StringComparison.Ordinal));
    }

    /// <summary>Lets enough time pass for all that waits, and for one scan, and ends with a call for a folder that is there to say so.</summary>
    private async Task MarkAsync()
    {
        var later = _watch.Time.GetUtcNow() + TimeSpan.FromSeconds(10);
        await _watch.WaitUntilAsync(() => _watch.Time.GetUtcNow() > later, "10 seconds");
        _watch.Write("marker/a.txt", "1");
        await _watch.WaitUntilAsync(() => _watch.Reported.Contains("marker"), "the marker");
    }
}
