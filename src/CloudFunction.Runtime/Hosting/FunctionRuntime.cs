using System.Reflection;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Watching;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using CloudFunction.Runtime.Tasks.Dispatch;
using CloudFunction.Runtime.Tasks.Storage;
using CloudFunction.Runtime.Workers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>The whole of the runtime: made, started and stopped with its host. The only place that knows all parts.</summary>
internal sealed class FunctionRuntime : IFunctionRuntime, IInvocationRouter, IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(5);

    private readonly EffectiveSettings _settings;
    private readonly IReadOnlyDictionary<string, string> _environment;
    private readonly ILoggerFactory _loggers;
    private readonly LogPipeline _log;
    private readonly HostBodies _bodies;
    private readonly DescriptorPlan _plan;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<ICallbackContent?> _findCallbackContent;
    private readonly DateTimeOffset _startedAt;
    private readonly RoutingTable _routes = new();
    private readonly DeadlineSweep _sweep;
    private readonly InvocationRouter _router;
    private readonly ProjectCatalog _projects;
    private readonly ProjectOperations _operations;
    private readonly ProjectStateStore _states;
    private readonly SqliteTaskStore _store;
    private readonly TaskDispatcher _dispatcher;
    private readonly TaskOperations _tasks;
    private readonly Scheduler _scheduler;
    private readonly CancellationTokenSource _stopping = new();
    private HostLock? _lock;
    private SocketDirectory? _sockets;
    private WorkerSupervisor? _supervisor;
    private ProjectServices? _services;
    private CallbackSender? _callbackSender;
    private CallbackQueue? _callbacks;
    private Task _starting = Task.CompletedTask;
    private Task _flushing = Task.CompletedTask;
    private Task _cleaning = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private Task _dispatching = Task.CompletedTask;
    private Task _scheduling = Task.CompletedTask;
    private CancellationTokenRegistration _onStopping;
    private bool _stopped;

    public FunctionRuntime(
        EffectiveSettings settings, IReadOnlyDictionary<string, string> environment, ILoggerFactory loggers, LogPipeline log,
        HostBodies bodies, DescriptorPlan plan, IHostApplicationLifetime lifetime, TimeProvider time, Func<ICallbackContent?> findCallbackContent)
    {
        _settings = settings;
        _environment = environment;
        _loggers = loggers;
        _log = log;
        _bodies = bodies;
        _plan = plan;
        _lifetime = lifetime;
        _time = time;
        _findCallbackContent = findCallbackContent;
        _logger = loggers.CreateLogger("cloudfunction.runtime");
        _startedAt = time.GetUtcNow();
        _sweep = new DeadlineSweep(time);
        _router = new InvocationRouter(_routes, _sweep, settings.Options.NotifyTimeout, time);
        _projects = new ProjectCatalog(_routes);
        _operations = new ProjectOperations(_projects, () => _services ?? throw NotStarted());
        _states = new ProjectStateStore(settings.Options.DataDirectory, time, loggers.CreateLogger<ProjectStateStore>());
        _store = new SqliteTaskStore(
            settings.Options.DataDirectory, time, loggers.CreateLogger<SqliteTaskStore>(), anonymousBytes: settings.Options.AnonymousStoreBytes);
        _dispatcher = new TaskDispatcher(_store, _router, bodies, time, loggers.CreateLogger<TaskDispatcher>());
        _tasks = new TaskOperations(_store, _dispatcher, _router, settings.Options.TaskMaxAttempts);
        var starter = new ScheduleStarter(_store, _tasks, _store, time, loggers.CreateLogger<ScheduleStarter>());
        _scheduler = new Scheduler(_store, starter, time, loggers.CreateLogger<Scheduler>());
    }

    public string Version { get; } =
        typeof(FunctionRuntime).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public ValueTask<InvocationResult> InvokeAsync(
        string project, string function, in InvocationRequest request, CancellationToken cancellationToken) =>
        _router.InvokeAsync(project, function, request, cancellationToken);

    public Rejection? Check(string project, string function) => _router.Check(project, function);

    public RuntimeStatus GetStatus()
    {
        var workers = Supervisor.Workers.Select(w => w.Describe()).OrderBy(w => w.StartedAt).ToArray();
        var projects = _projects.Projects.Where(p => p.Status == ProjectStatus.Running).ToArray();
        return new RuntimeStatus(
            _startedAt,
            _time.GetUtcNow() - _startedAt,
            projects.Length,
            projects.Sum(p => p.Live.SelectMany(live => live.Targets.Keys).Distinct(StringComparer.Ordinal).Count()),
            Environment.WorkingSet + workers.Where(w => w.Pid != Environment.ProcessId).Sum(w => w.MemoryBytes),
            workers);
    }

    public IReadOnlyList<string> GetUnreadyReasons() =>
        _supervisor is null ? ["The runtime has not started yet."]
        : _lifetime.ApplicationStopping.IsCancellationRequested ? ["The host is stopping."]
        : [];

    public IReadOnlyList<ProjectInfo> GetProjects() => _projects.Describe();

    public ProjectInfo? FindProject(string name) => _projects.Find(name)?.Describe();

    /// <summary>What can be done with projects, once it has started.</summary>
    public IProjectOperations Operations => _operations;

    /// <summary>What can be done with tasks, once it has started.</summary>
    public ITaskOperations Tasks => _tasks;

    /// <summary>Answers under Idempotency-Keys, once it has started.</summary>
    public IIdempotencyStore Idempotency => _store;

    /// <summary>What can be done with schedules, once it has started.</summary>
    public IScheduleOperations Schedules => _scheduler;

    /// <summary>Returns as soon as calls can be taken; projects start on their own, and their calls wait for them.</summary>
    /// <exception cref="CloudFunctionException">What an operator can mend.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await StartPartsAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException exception) when (new StorageFolders(_settings.Options).Find(exception) is { } full)
        {
            throw full;
        }
    }

    private async Task StartPartsAsync(CancellationToken cancellationToken)
    {
        var options = _settings.Options;
        FunctionRuntimeLog.Starting(_logger, Version, options.ProjectsDirectory, _settings.EnvFilePath ?? "no .env file");
        foreach (var warning in _settings.Warnings)
        {
            FunctionRuntimeLog.SettingWarning(_logger, warning);
        }

        SettingsReport.Write(_settings, _logger);
        if (options.Isolation == WorkerIsolation.None)
        {
            FunctionRuntimeLog.NotIsolated(_logger);
        }

        if (FolderRights.FindWarning(options, _settings.EnvFilePath) is { } rights)
        {
            FunctionRuntimeLog.FoldersAreOpen(_logger, rights); // Before those that are missing are made.
        }

        if (SettingsDirectories.Prepare(_settings) is { Count: > 0 } full)
        {
            FunctionRuntimeLog.DisksAreFull(_logger, string.Join(", ", full));
        }

        _lock = HostLock.Take(options.DataDirectory);
        DataFormat.Check(options);
        var executable = new WorkerExecutable(WorkerFolder.Default);
        var run = Path.Combine(options.DataDirectory, "run");
        _sockets = SocketDirectory.Create(Path.Combine(run, "socket-directory"));
        _states.Open();
        _store.Open();
        DataFormat.Mark(options); // Once all that may be refused was read.
        var output = new WorkerOutputLog(_log, _time);
        var environment = ProjectEnvironment.BuildBase(_environment, _settings.SystemEnvFile);
        var ledger = new WorkerLedger(Path.Combine(run, "workers"));
        IWorkerRunner runner = options.Isolation == WorkerIsolation.Process
            ? new ProcessRunner(executable, _sockets.SocketPath, environment, ledger, output, _time)
            : new InProcessRunner(_sockets.SocketPath, environment, pool => DeploymentContext.Open(executable.CoreDirectory, pool.Deployment));
        _supervisor = new WorkerSupervisor(
            new SupervisorSettings(options, EventLevel.ToLogLevel(_log.LowestProjectLevel)), runner, _sockets.SocketPath,
            ledger, _sweep, output, _time, _loggers.CreateLogger<WorkerSupervisor>());
        _supervisor.Start();
        _log.LowestProjectLevelChanged += OnLowestLevelChanged;
        var watcher = options.WatchProjects
            ? new ProjectsWatcher(
                options.ProjectsDirectory, _operations.SyncAsync, Path.Combine(_settings.ContentRoot, RequirementsFile.FileName), _time, _loggers.CreateLogger<ProjectsWatcher>())
            : null;
        watcher?.Start(); // Before the projects are read, so that no change falls between.
        await _scheduler.LoadAsync(cancellationToken).ConfigureAwait(false);
        var schedules = new ScheduleFileWatch(
            new WatchedFile(Path.Combine(options.ConfigDirectory, ScheduleFile.FileName)), options.SchedulerTimeZone,
            (definitions, token) => _scheduler.SetAsync(ScheduleSource.File, null, definitions, token), _time, _loggers.CreateLogger<ScheduleFileWatch>());
        await schedules.StartAsync(cancellationToken).ConfigureAwait(false);
        await AddProjectsAsync(executable, environment, cancellationToken).ConfigureAwait(false);
        _starting = Task.Run(StartProjectsAsync, cancellationToken);
        _flushing = FlushAsync();
        _watching = WatchAsync(watcher);
        _dispatching = _dispatcher.RunAsync(_stopping.Token);
        StartCallbacks();
        _cleaning = new CleanupSweep(options.CleanupInterval, _operations, _store, options.TaskRetention, ledger, _time, _logger).RunAsync(_stopping.Token);
        _scheduling = Task.WhenAll(_scheduler.RunAsync(_stopping.Token), schedules.RunAsync(_stopping.Token));
        _onStopping = _lifetime.ApplicationStopping.Register(() => _ = CutWhenDueAsync());
    }

    /// <summary>By now the server has answered the calls that it had taken: ends all workers.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        _log.LowestProjectLevelChanged -= OnLowestLevelChanged;
        await _onStopping.DisposeAsync().ConfigureAwait(false);
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _scheduling.ConfigureAwait(false);
        await DrainTasksAsync().ConfigureAwait(false);
        foreach (var project in _projects.Projects)
        {
            project.Shutdown();
        }

        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_supervisor is not null)
        {
            await _supervisor.DisposeAsync().ConfigureAwait(false);
        }

        await _flushing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cleaning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What the workers' end has cut is stored as cut; where the disk is full, the next start does that.
        await _dispatcher.WhenIdleAsync().WaitAsync(_settings.Options.GracefulShutdownTimeout, _time, CancellationToken.None)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        if (_callbacks is not null)
        {
            await _callbacks.DisposeAsync().ConfigureAwait(false); // What it is about to send is sent by the next host.
            _callbackSender!.Dispose();
        }

        await FlushOnceAsync(CancellationToken.None).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        _projects.Dispose();
        _states.Dispose();
        await _store.DisposeAsync().ConfigureAwait(false);
        _scheduler.Dispose();
        _sweep.Dispose();
        _sockets?.Dispose();
        _lock?.Dispose();
        _stopping.Dispose();
    }

    private WorkerSupervisor Supervisor => _supervisor ?? throw NotStarted();

    private static InvalidOperationException NotStarted() => new("The runtime has not started yet.");

    // What they say is the front end's to write; without one nobody could have asked for them.
    private void StartCallbacks()
    {
        if (_findCallbackContent() is not { } content)
        {
            return;
        }

        var options = _settings.Options;
        var settings = new CallbackSettings
        {
            Timeout = options.NotifyTimeout,
            Key = options.CallbackSecret is { Length: > 0 } secret ? SigningKey.Read(secret) : null,
            AllowPrivate = options.CallbackAllowPrivate,
        };
        _callbackSender = new CallbackSender(settings, _time);
        _callbacks = new CallbackQueue(_store, content, _callbackSender, _loggers.CreateLogger<CallbackQueue>(), _time);
        _callbacks.Start();
    }

    private async Task AddProjectsAsync(WorkerExecutable executable, IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken)
    {
        var options = _settings.Options;
        var deployments = new DeploymentStore(options.DeploymentsDirectory, _loggers.CreateLogger<DeploymentStore>());
        var inspector = new DeploymentInspector(new PlatformAssemblies(executable.Directory));
        var builder = new SourceBuilder(
            options.DataDirectory, _settings.ContentRoot, executable.CoreDirectory, Environment.Version, environment, DotnetSdk.Find);
        var stager = new DeploymentStager(deployments, inspector, builder, _time, _loggers.CreateLogger<DeploymentStager>());
        _services = new ProjectServices(
            options, _plan.Waiting, stager, deployments, _states, Supervisor, _sweep, _projects.Publish, new HostFolder(_settings.ContentRoot, _environment), _time, _logger, LogOf,
            (project, definitions) => _scheduler.SetAsync(ScheduleSource.Function, project, definitions, _stopping.Token), _stopping.Token);
        try
        {
            _operations.AddAll();

            // Of all at once, which forgets those of projects that are gone; what changes when they start is told by each.
            await _scheduler.SetAsync(ScheduleSource.Function, null, [.. _projects.Projects.SelectMany(p => p.ReadLatestSchedules())], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            FunctionRuntimeLog.ScanFailed(_logger, options.ProjectsDirectory, e);
        }
    }

    private InvocationLog? LogOf(string project, string function) =>
        _settings.Options.InvocationLog ? new InvocationLog(_log, project, function, _time) : null;

    private void OnLowestLevelChanged() => Supervisor.SetLogLevel(EventLevel.ToLogLevel(_log.LowestProjectLevel));

    private async Task StartProjectsAsync()
    {
        var bound = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = _stopping.Token };
        await Parallel.ForEachAsync(_projects.Projects.OrderBy(p => p.Name, StringComparer.Ordinal), bound, async (project, _) =>
        {
            try
            {
                await _operations.StartWithHostAsync(project).ConfigureAwait(false);
            }
            catch (CloudFunctionException)
            {
                // The project has logged why it does not serve.
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                // One project's trouble, of whatever kind, must not keep the others from starting.
                FunctionRuntimeLog.StartFailed(_logger, project.Name, e);
            }
        }).ConfigureAwait(false);
    }

    // The server waits for running calls before it stops the runtime: those that take too long are ended here, so that they are answered.
    private async Task CutWhenDueAsync()
    {
        try
        {
            await Task.Delay(_settings.Options.GracefulShutdownTimeout, _time, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        FunctionRuntimeLog.CuttingCalls(_logger);
        foreach (var project in _projects.Projects)
        {
            project.Shutdown();
        }

        Supervisor.CutCalls();
    }

    private async Task DrainTasksAsync()
    {
        await _dispatching.ConfigureAwait(false);
        await _dispatcher.WhenIdleAsync().WaitAsync(_settings.Options.GracefulShutdownTimeout, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WatchAsync(ProjectsWatcher? watcher)
    {
        if (watcher is not null)
        {
            using (watcher)
            {
                await watcher.RunAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task FlushOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _states.FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            ProjectLog.FlushFailed(_logger, e); // A full disk, say. The counts stay in memory, and the next round tries again.
        }
    }

    private async Task FlushAsync()
    {
        using var timer = new PeriodicTimer(FlushInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
            {
                await FlushOnceAsync(_stopping.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping; the last flush follows.
        }
    }
}
