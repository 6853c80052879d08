using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tests.Deployments;
using CloudFunction.Runtime.Tests.Logging.Fakes;
using CloudFunction.Runtime.Tests.Schedules;
using CloudFunction.Runtime.Tests.Tasks;
using CloudFunction.Runtime.Tests.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudFunction.Runtime.Tests.Projects;

/// <summary>One project with a real folder, in fake time, whose workers are <see cref="FolderWorkers"/> and whose versions are recorded in
/// memory.</summary>
internal sealed class ProjectUnderTest : IAsyncDisposable
{
    public const string Name = "shop";

    private readonly TemporaryDirectory _folder = new();
    private readonly CapturedLog _invocations = new();
    private readonly SupervisorUnderTest _host;
    private readonly DeadlineSweep _sweep;
    private readonly RecordingLogger<Project> _log = new();
    private readonly Scheduler _scheduler;
    private Project? _project;
    private ProjectStateFile? _file;
    private ProjectCatalog? _projects;

    private ProjectUnderTest(SupervisorUnderTest host)
    {
        _host = host;
        _host.Runner.OnStarted = FolderWorkers.Run;
        _sweep = new DeadlineSweep(host.Time);
        var store = new MemoryTaskStore(host.Time);
        var starter = new ScheduleStarter(
            store, new TaskOperations(store, new SchedulerUnderTest.AnyFunction(), 3), store, host.Time, new RecordingLogger<ScheduleStarter>());
        _scheduler = new Scheduler(store, starter, host.Time, new RecordingLogger<Scheduler>());
        Options.DataDirectory = _folder.Combine("data");
        Options.ProjectsDirectory = _folder.Combine("projects");
        new PublishedProject(Directory).Write();
    }

    public CloudFunctionOptions Options => _host.Options;

    public SupervisorUnderTest Host => _host;

    public InMemoryDeploymentCatalog Catalog { get; } = new();

    public RoutingTable Routes { get; } = new();

    public RuntimeStopping Stopping { get; private set; } = new();

    public NameLocks Turns { get; } = new();

    public Project Project => _project!;

    public ProjectDecisions Decisions { get; private set; } = null!;

    public ProjectVersions Versions { get; private set; } = null!;

    /// <summary>The host's own environment.</summary>
    public Dictionary<string, string> HostVariables { get; } = [];

    public string Directory => _folder.Combine("projects", Name);

    /// <summary>Which versions are live and run, each with its part of the calls.</summary>
    public string Live => string.Join(' ', Project.Live.Select(each => $"{each.Deployment.Version}:{each.Weight}"));

    public string? LastError => Project.Describe().LastError;

    /// <summary>The functions that calls find; null where they wait for the project.</summary>
    public IEnumerable<string>? Functions => Routes.Current[Name].Functions?.Keys.Order(StringComparer.Ordinal);

    public IEnumerable<ScheduleInfo> Schedules => _scheduler.List();

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (_log.Messages)
            {
                return [.. _log.Messages];
            }
        }
    }

    private string StateFile => _folder.Combine("data", "state", "projects.json");

    /// <summary>Opens it with a folder that has these functions.</summary>
    public static async Task<ProjectUnderTest> OpenAsync(string functions = "greet", Action<CloudFunctionOptions>? configure = null)
    {
        var test = new ProjectUnderTest(await SupervisorUnderTest.StartAsync(configure));
        test.WriteFunctions(functions);
        await test.OpenProjectAsync();
        return test;
    }

    /// <summary>Opens it, and has it serve version 1.</summary>
    public static async Task<ProjectUnderTest> ServeAsync(string functions = "greet", Action<CloudFunctionOptions>? configure = null)
    {
        var test = await OpenAsync(functions, configure);
        await test.ReachAsync(ProjectGoal.Started);
        Assert.Equal((ProjectStatus.Running, "1:100", null), (test.Project.Status, test.Live, test.LastError));
        return test;
    }

    public void WriteFunctions(string functions) => _folder.Write($"projects/{Name}/{FolderWorkers.FileName}", functions);

    public void WriteVariables(string text) => _folder.Write($"projects/{Name}/{DotEnvFile.FileName}", text);

    public Task<ProjectOutcome> ReachAsync(ProjectGoal goal) => ReachAsync(new WantedState(goal));

    public async Task<ProjectOutcome> ReachAsync(WantedState wanted, CancellationToken cancellationToken = default)
    {
        var outcome = await Project.ReachAsync(wanted, cancellationToken).Soon($"{wanted.Goal} of {this}");
        await _host.SettleAsync();
        return outcome;
    }

    public Task<ProjectOutcome> DivideAsync(params (int Version, int Weight)[] parts) => ReachAsync(
        new WantedState(ProjectGoal.Divided) { Weights = parts.ToDictionary(part => part.Version, part => part.Weight), KeepsWorkers = true });

    public Task<ProjectOutcome> RollBackAsync(int version) => ReachAsync(
        new WantedState(ProjectGoal.Divided) { Weights = new Dictionary<int, int> { [version] = 100 } });

    /// <summary>What is wanted fails; everything that follows from it is over.</summary>
    public async Task<T> FailAsync<T>(WantedState wanted, CancellationToken cancellationToken = default)
        where T : Exception
    {
        var error = await Assert.ThrowsAnyAsync<T>(() => Project.ReachAsync(wanted, cancellationToken).Soon($"{wanted.Goal} of {this}"));
        await _host.SettleAsync();
        return error;
    }

    public async Task<string> FailAsync(ProjectGoal goal) => (await FailAsync<CloudFunctionException>(new WantedState(goal))).Message;

    public async Task StopAsync()
    {
        await Project.StopAsync().Soon($"the stop of {this}");
        await _host.SettleAsync();
    }

    /// <summary>A call that asks for a place.</summary>
    public Task<Rejection?> CallAsync() => Project.Route.Gate.EnterAsync(long.MaxValue, default).AsTask().Soon($"a call of {this}");

    /// <summary>A worker of the one version that is live; it must be the only one of it.</summary>
    public FakeProcess Worker(int version) =>
        _host.ProcessOf(Assert.Single(Project.Live, live => live.Deployment.Version == version).Pool);

    /// <summary>Waits until a worker that does not become ready of itself has been told what to load.</summary>
    public FakeProcess WaitForLoad(int version)
    {
        FakeProcess? found = null;
        Patience.Until(
            () => (found = _host.Runner.Running.FirstOrDefault(process => process.Link.Loaded?.Version == version)) is not null, ToString);
        return found!;
    }

    /// <summary>Loses the workers of a live version until it gets no more.</summary>
    public async Task MakeUnhealthyAsync(int version)
    {
        var pool = Assert.Single(Project.Live, live => live.Deployment.Version == version).Pool;
        while (pool.Unhealthy is null)
        {
            if (_host.ProcessesOf(pool) is [var process])
            {
                await _host.CrashAsync(process);
            }

            await _host.AdvanceAsync(SupervisorUnderTest.Tick);
        }
    }

    /// <summary>The host ends and another one begins with what it has left.</summary>
    public async Task RestartHostAsync()
    {
        await Project.EndAsync().Soon($"the end of {this}");
        Stopping.Dispose();
        Stopping = new RuntimeStopping();
        _file!.Dispose();
        await OpenProjectAsync();
    }

    /// <summary>Nothing that operators decide can be written; what they decided before stays.</summary>
    public void BreakStateFile()
    {
        if (File.Exists(StateFile))
        {
            File.Move(StateFile, StateFile + ".kept");
        }

        System.IO.Directory.CreateDirectory(StateFile);
    }

    public void MendStateFile()
    {
        System.IO.Directory.Delete(StateFile);
        File.Move(StateFile + ".kept", StateFile);
    }

    public async ValueTask DisposeAsync()
    {
        Project.Dispose();
        await _host.DisposeAsync();
        _scheduler.Dispose();
        _sweep.Dispose();
        _file!.Dispose();
        _invocations.Dispose();
        Stopping.Dispose();
        _folder.Dispose();
    }

    public override string ToString() =>
        $"{Project.Status}, live {Live}, error {LastError}. {_host}\n{string.Join('\n', Messages.TakeLast(10))}";

    private async Task OpenProjectAsync()
    {
        var (time, supervisor) = (_host.Time, _host.Supervisor);
        var log = new ProjectLog(_log);
        _file = new ProjectStateFile(Options.DataDirectory, time, new RecordingLogger<ProjectStateFile>());
        _file.Open();
        var counters = new ProjectCounterStore(_file, time);
        Decisions = new ProjectDecisions(_file, counters, log, time);
        var staged = TestStaging.Open(_folder.Combine("deployments"), Catalog);
        var stager = new DeploymentStager(
            staged,
            new DeploymentInspector(new PlatformAssemblies(_folder.Combine("worker"), static _ => null, new Version(10, 0, 12))),
            new SourceBuilder(
                Options.DataDirectory, _folder.Combine("root"), _folder.Combine("worker", "core"), new Version(10, 0, 12),
                new Dictionary<string, string>(), static () => null),
            time,
            NullLogger<DeploymentStager>.Instance);
        _projects = new ProjectCatalog(Routes);
        Versions = new ProjectVersions(
            Options, staged, stager, new BuildFolders(Options.DataDirectory, NullLogger<BuildFolders>.Instance), supervisor, log, Stopping);
        var loader = new DeploymentLoader(Options, supervisor, staged, counters, _invocations.Pipeline, log, Stopping, time);
        var factory = new ProjectFactory(
            new LiveDeploymentsFactory(Options, new GateLimits(100, 100), _sweep, supervisor, Decisions, _projects), Versions,
            new ProjectRollout(Versions, loader, time), new ProjectSchedules(_scheduler, Options, Decisions, log, Stopping), Decisions, _projects,
            new ProjectDescriber(supervisor, Decisions, counters),
            new VariablesReader(Options, new HostFolder(_folder.Combine("root"), HostVariables)), log, Stopping);
        _project = await factory.OpenAsync(new ProjectCandidate(Name, Directory, null));
        if (_project.IsStopped)
        {
            _project.RefuseAsStopped();
        }

        _projects.Add(_project);
        _projects.Publish();
    }
}
