using System.Diagnostics;
using CloudFunction.Runtime.Projects.Watching;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Projects.Watching;

/// <summary>A watcher over a real folder that runs, and what it has told. Its time is a test's own, or the real one.</summary>
internal sealed class WatchUnderTest : IAsyncDisposable
{
    // Many times what anything here takes on a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    // The shortest pause that a watcher waits for, so that none is passed over; and enough of the real time for its loop to see each.
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RealStep = TimeSpan.FromMilliseconds(5);

    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _news = new(0);
    private readonly List<string> _reported = [];
    private readonly ProjectsWatcher _watcher;
    private Task _running = Task.CompletedTask;

    public WatchUnderTest(FakeTimeProvider? time)
    {
        Time = time ?? new FakeTimeProvider();
        ProjectsDirectory = Folder.Combine("projects");
        Directory.CreateDirectory(ProjectsDirectory);
        _watcher = time is null
            ? new ProjectsWatcher(ProjectsDirectory, ReportAsync, CommonFile, TimeProvider.System, Logger)
            : new ProjectsWatcher(ProjectsDirectory, ReportAsync, CommonFile, Source, time, Logger);
    }

    public TemporaryDirectory Folder { get; } = new();

    public string ProjectsDirectory { get; }

    public string CommonFile => Folder.Combine("requirements.txt");

    public FakeTimeProvider Time { get; }

    public ScriptedChanges Source { get; } = new();

    private RecordingLogger<ProjectsWatcher> Logger { get; } = new();

    /// <summary>What a call does once it is noted.</summary>
    public Func<string, CancellationToken, Task> OnReported { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The folders told so far, in order.</summary>
    public IReadOnlyList<string> Reported
    {
        get
        {
            lock (_reported)
            {
                return [.. _reported];
            }
        }
    }

    public void Start()
    {
        _watcher.Start();
        _running = Task.Run(() => _watcher.RunAsync(_stopping.Token));
    }

    public void Write(string name, string content) => Folder.Write(Path.Combine("projects", name), content);

    public IReadOnlyList<string> Logged
    {
        get
        {
            lock (Logger.Messages)
            {
                return [.. Logger.Messages];
            }
        }
    }

    /// <summary>Waits until so many calls were made in all.</summary>
    public Task WaitForAsync(int count) => WaitUntilAsync(() => Reported.Count >= count, $"{count} calls");

    /// <summary>Waits until a condition holds; where the time is the test's own, it passes in steps meanwhile.</summary>
    public async Task WaitUntilAsync(Func<bool> condition, string what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(
                Stopwatch.GetElapsedTime(started) < Limit,
                $"{what} did not come; reported so far: {string.Join(", ", Reported)}; logged: {string.Join(" | ", Logged)}");
            Time.Advance(Step);
            await _news.WaitAsync(RealStep);
        }
    }

    /// <summary>Stops the watcher, which must not throw.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running.WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _watcher.Dispose();
        _stopping.Dispose();
        _news.Dispose();
        Folder.Dispose();
    }

    private async Task ReportAsync(string folder, CancellationToken cancellationToken)
    {
        lock (_reported)
        {
            _reported.Add(folder);
        }

        _news.Release();
        await OnReported(folder, cancellationToken);
    }
}
