using System.Collections.Concurrent;
using System.Threading.Channels;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Projects.Watching;

/// <summary>
/// Reports which folder in PROJECTS_DIR has changed, come or gone, once it is quiet; hidden folders never. The system's notifications do so
/// at once, and a scan of all folders from time to time finds what they miss. One folder is reported by one call at a time, and again if it
/// has changed meanwhile; as many folders of each kind at once as there are cores, so that what is published waits for no build, and C# files
/// for none of a project's.
/// </summary>
internal sealed class ProjectsWatcher : IDisposable
{
    // What notifications miss is rare, or on a network volume, where a scan costs: nobody waits longer than for a build.
    private static readonly TimeSpan ScanInterval = TimeSpan.FromSeconds(5);

    // On a slow disk with many projects a scan takes seconds: scanning then takes no more than a twentieth of one core.
    private const int RestPerScan = 20;

    // A tree that changes so fast that notifications are lost is scanned soon, and not without end.
    private static readonly TimeSpan LossInterval = TimeSpan.FromSeconds(1);

    private readonly string _projectsDirectory;
    private readonly Func<string, CancellationToken, Task> _onChanged;
    private readonly string? _commonFile;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _origin;
    private readonly HintBuffer _hints;
    private readonly ChangeListener _listener;
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly ConcurrentQueue<WatchedFolder> _ended = new();
    private readonly List<Task> _reports = [];
    private readonly int[] _running = new int[Enum.GetValues<SourceKind>().Length];
    private WatchedFolders? _folders;
    private ulong? _commonSignature;
    private bool _isReadable = true;
    private TimeSpan _nextScan;

    /// <param name="projectsDirectory">PROJECTS_DIR; it need not be there yet.</param>
    /// <param name="onChanged">Gets the name of a folder, whether it is a valid project name or not. What it throws is logged.</param>
    /// <param name="commonFile">A file whose change is one of every folder, checked with every scan; null for none.</param>
    /// <param name="time">For all waiting.</param>
    /// <param name="logger">Where to log what cannot be watched.</param>
    public ProjectsWatcher(
        string projectsDirectory, Func<string, CancellationToken, Task> onChanged, string? commonFile, TimeProvider time, ILogger logger)
        : this(projectsDirectory, onChanged, commonFile, new FileSystemChanges(), time, logger)
    {
    }

    internal ProjectsWatcher(
        string projectsDirectory, Func<string, CancellationToken, Task> onChanged, string? commonFile, IChangeSource source, TimeProvider time,
        ILogger logger)
    {
        _projectsDirectory = projectsDirectory;
        _onChanged = onChanged;
        _commonFile = commonFile;
        _time = time;
        _logger = logger;
        _origin = time.GetTimestamp();
        _hints = new HintBuffer(name => FolderSignature.HoldsSource(Path.Combine(projectsDirectory, name)));
        _listener = new ChangeListener(projectsDirectory, source, OnHint, OnLost, logger);
    }

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Takes what is there as known: what changes from now on is reported once <see cref="RunAsync"/> runs. To be called before
    /// the projects are read, so that no change falls between.</summary>
    public void Start()
    {
        _listener.Keep(Directory.Exists(_projectsDirectory), Now);
        _commonSignature = ReadCommonFile();
        var found = ProjectsScan.Read(_projectsDirectory);
        _isReadable = found is not null;
        _folders = new WatchedFolders(found ?? new Dictionary<string, ulong>());
        _nextScan = Now + ScanInterval;
    }

    /// <summary>Watches until it is cancelled, and returns once the last call has ended; does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        if (_folders is null)
        {
            Start();
        }

        var timer = _time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                var next = PollOrLog(stopping);
                timer.Change(Longest(next - Now, TimeSpan.Zero), Timeout.InfiniteTimeSpan);
                if (Now < next)
                {
                    await _wakes.Reader.ReadAsync(stopping).ConfigureAwait(false);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }

        await timer.DisposeAsync().ConfigureAwait(false);
        Dispose();
        await Task.WhenAll(_reports).ConfigureAwait(false);
    }

    /// <summary>Stops listening; <see cref="RunAsync"/> does so itself.</summary>
    public void Dispose() => _listener.Dispose();

    private TimeSpan PollOrLog(CancellationToken stopping)
    {
        try
        {
            return Poll(_folders!, stopping);
        }
        catch (Exception e)
        {
            // Whatever a file system comes up with: a watch that has ended would be missed only when a deploy does not come.
            ProjectsWatcherLog.PollFailed(_logger, _projectsDirectory, e);
            _hints.Lose();
            _nextScan = Now + ScanInterval;
            return _nextScan;
        }
    }

    /// <summary>Does all that is to be done by now.</summary>
    /// <returns>When to poll again if nothing happens before.</returns>
    private TimeSpan Poll(WatchedFolders folders, CancellationToken stopping)
    {
        while (_ended.TryDequeue(out var ended))
        {
            ended.IsReporting = false;
            _running[(int)ended.Kind]--;
        }

        _reports.RemoveAll(task => task.IsCompleted);
        var now = Now; // Before what was notified is taken: what comes after it is not yet known, so no folder is quiet later than then.
        var hints = _hints.Take(out var isIncomplete);
        folders.AddHints(hints, name => Directory.Exists(Path.Combine(_projectsDirectory, name)));
        if (isIncomplete)
        {
            folders.SuspectAll(Now);
            _nextScan = Shortest(_nextScan, Now + LossInterval);
        }

        if (Now >= _nextScan)
        {
            Scan(folders);
        }

        var isFull = false;
        foreach (var folder in folders.FindDue(now))
        {
            folder.Kind = KindOf(folder.Name);
            if (_running[(int)folder.Kind] < Environment.ProcessorCount)
            {
                Take(folder, stopping);
            }
            else
            {
                isFull = true; // The end of a call wakes it.
            }
        }

        return folders.NextDue(isFull ? now : null) is { } due ? Shortest(due, _nextScan) : _nextScan;
    }

    // What is refused is soon done.
    private SourceKind KindOf(string folder)
    {
        try
        {
            return SourceKindFinder.Find(Path.Combine(_projectsDirectory, folder));
        }
        catch (Exception e) when (e is DeploymentException or IOException or UnauthorizedAccessException)
        {
            return SourceKind.Assemblies;
        }
    }

    private void Scan(WatchedFolders folders)
    {
        var started = Now;
        var found = ProjectsScan.Read(_projectsDirectory);
        if (_isReadable != found is not null)
        {
            _isReadable = found is not null;
            if (_isReadable)
            {
                ProjectsWatcherLog.Readable(_logger, _projectsDirectory);
            }
            else
            {
                ProjectsWatcherLog.Unreadable(_logger, _projectsDirectory);
            }
        }

        _listener.Keep(_isReadable, Now);
        folders.AddScan(found, Now);
        if (ReadCommonFile() is var common && common != _commonSignature)
        {
            _commonSignature = common;
            folders.SuspectAll(Now);
        }

        var took = Now - started;
        _nextScan = Now + Longest(ScanInterval, RestPerScan * took);
    }

    private void Take(WatchedFolder folder, CancellationToken stopping)
    {
        var signature = FolderSignature.Read(Path.Combine(_projectsDirectory, folder.Name));
        if (signature is null && ProjectsScan.ListNames(_projectsDirectory) is null)
        {
            folder.Postpone();
            _nextScan = Now; // Logs it, and finds the folder again once it can.
            return;
        }

        var isUnnotified = folder.IsUnnotified;
        if (folder.TryTake(signature, Now))
        {
            if (isUnnotified)
            {
                _listener.Renew();
            }

            folder.IsReporting = true;
            _running[(int)folder.Kind]++;
            _reports.Add(Task.Run(() => ReportAsync(folder, stopping), CancellationToken.None));
        }
    }

    private async Task ReportAsync(WatchedFolder folder, CancellationToken stopping)
    {
        try
        {
            ProjectsWatcherLog.Changed(_logger, folder.Name);
            await _onChanged(folder.Name, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception e)
        {
            // One folder's trouble, of whatever kind, must not keep the others from being reported.
            ProjectsWatcherLog.TakingFailed(_logger, folder.Name, e);
        }

        _ended.Enqueue(folder);
        Wake();
    }

    private ulong? ReadCommonFile() => _commonFile is null ? null : FolderSignature.ReadFile(_commonFile);

    private void OnHint(string path)
    {
        if (_hints.Add(path, Now))
        {
            Wake();
        }
    }

    private void OnLost(Exception exception)
    {
        _hints.Lose();
        Wake();
    }

    private void Wake() => _wakes.Writer.TryWrite(true);

    private static TimeSpan Shortest(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static TimeSpan Longest(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
