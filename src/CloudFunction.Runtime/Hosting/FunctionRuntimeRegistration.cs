using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Deployments.Sources;
using CloudFunction.Runtime.Hosting.Parts;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Logging.Records;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Projects.Uploads;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using CloudFunction.Runtime.Tasks.Dispatch;
using CloudFunction.Runtime.Tasks.Storage;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.InProcess;
using CloudFunction.Runtime.Workers.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>Adds the runtime to a host's services, floor by floor. Nothing is opened, listened to or started before <see cref="FunctionRuntime"/>
/// is.</summary>
internal static class FunctionRuntimeRegistration
{
    /// <param name="services">Where to.</param>
    /// <param name="environment">The process's environment, which workers inherit less what is the host's own.</param>
    /// <param name="readSettings">Reads the settings, once, when the host is built.</param>
    public static IServiceCollection AddFunctionRuntime(
        this IServiceCollection services, IReadOnlyDictionary<string, string> environment, Func<IServiceProvider, EffectiveSettings> readSettings) =>
        services
            .AddSettings(environment, readSettings)
            .AddCalls()
            .AddWorkers()
            .AddTasks()
            .AddSchedules()
            .AddDeployments()
            .AddProjects()
            .AddParts()
            .AddLogPipeline();

    private static IServiceCollection AddSettings(
        this IServiceCollection services, IReadOnlyDictionary<string, string> environment, Func<IServiceProvider, EffectiveSettings> readSettings)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(readSettings);
        services.AddSingleton(static provider => provider.GetRequiredService<EffectiveSettings>().Options);
        services.AddSingleton(static provider => DescriptorPlan.Make(Options(provider)));
        services.AddSingleton(provider => new HostFolder(provider.GetRequiredService<EffectiveSettings>().ContentRoot, environment));
        services.AddSingleton(provider => new WorkerEnvironment(
            ProjectEnvironment.BuildBase(environment, provider.GetRequiredService<EffectiveSettings>().SystemEnvFile)));
        return services.AddSingleton<RuntimeStopping>();
    }

    /// <summary>What takes calls to workers; without the others it is all that runs a single project.</summary>
    public static IServiceCollection AddCalls(this IServiceCollection services) => services
        .AddSingleton(static provider => new HostBodies(
            Options(provider), provider.GetRequiredService<DescriptorPlan>().BodyFiles, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<DeadlineSweep>()
        .AddSingleton<RoutingTable>()
        .AddSingleton(static provider => new InvocationRouter(
            provider.GetRequiredService<RoutingTable>(), provider.GetRequiredService<DeadlineSweep>(), Options(provider).NotifyTimeout,
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IInvocationRouter>(static provider => provider.GetRequiredService<InvocationRouter>())
        .AddSingleton<ITaskRouter>(static provider => provider.GetRequiredService<InvocationRouter>());

    /// <summary>What runs workers. Where there is another runner, or another sink for what workers log, that is taken.</summary>
    public static IServiceCollection AddWorkers(this IServiceCollection services)
    {
        services.TryAddSingleton<IWorkerOutputSink, WorkerOutputLog>();
        services.TryAddSingleton(static provider => MakeRunner(provider));
        services.TryAddSingleton(static provider => new SupervisorSettings(
            Options(provider), EventLevel.ToLogLevel(provider.GetRequiredService<LogPipeline>().LowestProjectLevel)));
        return services
            .AddSingleton(static _ => new WorkerExecutable(WorkerFolder.Default))
            .AddSingleton(static provider => new SocketDirectory(Path.Combine(RunDirectory(provider), "socket-directory")))
            .AddSingleton(static provider => new WorkerLedger(Path.Combine(RunDirectory(provider), "workers")))
            .AddSingleton(static provider => new WorkerSupervisor(
                provider.GetRequiredService<SupervisorSettings>(), provider.GetRequiredService<IWorkerRunner>(),
                provider.GetRequiredService<SocketDirectory>().SocketPath, provider.GetRequiredService<WorkerLedger>(),
                provider.GetRequiredService<DeadlineSweep>(), provider.GetRequiredService<IWorkerOutputSink>(),
                provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<WorkerSupervisor>>()));
    }

    // Stores are added where there is no other, so that a package can bring its own.
    private static IServiceCollection AddTasks(this IServiceCollection services)
    {
        services.TryAddSingleton(static provider => new SqliteTaskStore(
            Options(provider).DataDirectory, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SqliteTaskStore>>(),
            anonymousBytes: Options(provider).AnonymousStoreBytes));
        services.TryAddSingleton<ITaskStore>(static provider => provider.GetRequiredService<SqliteTaskStore>());
        services.TryAddSingleton<IIdempotencyStore>(static provider => provider.GetRequiredService<SqliteTaskStore>());
        services.TryAddSingleton<IScheduleStore>(static provider => provider.GetRequiredService<SqliteTaskStore>());
        services.TryAddSingleton<ICallbackStore>(static provider => provider.GetRequiredService<SqliteTaskStore>());
        return services
            .AddSingleton(StoreOwner.New())
            .AddSingleton<TaskDispatcher>()
            .AddSingleton(static provider => new TaskOperations(
                provider.GetRequiredService<ITaskStore>(), provider.GetRequiredService<ITaskRouter>(), Options(provider).TaskMaxAttempts))
            .AddSingleton<ITaskOperations>(static provider => provider.GetRequiredService<TaskOperations>());
    }

    private static IServiceCollection AddSchedules(this IServiceCollection services) => services
        .AddSingleton<ScheduleStarter>()
        .AddSingleton<Scheduler>()
        .AddSingleton<IScheduleOperations>(static provider => provider.GetRequiredService<Scheduler>())
        .AddSingleton(static provider => new ScheduleFileWatch(
            new WatchedFile(Path.Combine(Options(provider).ConfigDirectory, ScheduleFile.FileName)), Options(provider).SchedulerTimeZone,
            (definitions, token) => provider.GetRequiredService<Scheduler>().SetAsync(ScheduleSource.File, null, definitions, token),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ScheduleFileWatch>>()));

    private static IServiceCollection AddDeployments(this IServiceCollection services)
    {
        services.TryAddSingleton<IDeploymentCatalog>(static provider => new FileDeploymentCatalog(
            Options(provider).DeploymentsDirectory, provider.GetRequiredService<ILogger<FileDeploymentCatalog>>()));
        return services
            .AddSingleton(static provider => new DeploymentFiles(
                Options(provider).DeploymentsDirectory, provider.GetRequiredService<ILogger<DeploymentFiles>>()))
            .AddSingleton<StagedDeployments>()
            .AddSingleton(static provider => new BuildFolders(
                Options(provider).DataDirectory, provider.GetRequiredService<ILogger<BuildFolders>>()))
            .AddSingleton(static provider => new DeploymentInspector(
                new PlatformAssemblies(provider.GetRequiredService<WorkerExecutable>().Directory)))
            .AddSingleton(static provider => new SourceBuilder(
                Options(provider).DataDirectory, provider.GetRequiredService<EffectiveSettings>().ContentRoot,
                provider.GetRequiredService<WorkerExecutable>().CoreDirectory, Environment.Version,
                provider.GetRequiredService<WorkerEnvironment>().Variables, DotnetSdk.Find))
            .AddSingleton<DeploymentStager>();
    }

    private static IServiceCollection AddProjects(this IServiceCollection services) => services
        .AddSingleton(static provider => new ProjectStateFile(
            Options(provider).DataDirectory, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ProjectStateFile>>()))
        .AddSingleton<ProjectDecisions>()
        .AddSingleton<ProjectCounterStore>()
        .AddSingleton<ProjectCatalog>()
        .AddSingleton(static provider => new ProjectLog(provider.GetRequiredService<ILoggerFactory>().CreateLogger(FunctionRuntime.LoggerName)))
        .AddSingleton(static provider => new GateLimits(Options(provider).MaxConcurrent, provider.GetRequiredService<DescriptorPlan>().Waiting))
        .AddSingleton<NameLocks>()
        .AddSingleton<ProjectVersions>()
        .AddSingleton<ProjectSchedules>()
        .AddSingleton<DeploymentLoader>()
        .AddSingleton<ProjectRollout>()
        .AddSingleton<LiveDeploymentsFactory>()
        .AddSingleton<ProjectDescriber>()
        .AddSingleton<VariablesReader>()
        .AddSingleton<ProjectFactory>()
        .AddSingleton<ProjectFolders>()
        .AddSingleton<ProjectLeftovers>()
        .AddSingleton<FolderChanges>()
        .AddSingleton<ProjectOperations>()
        .AddSingleton<IProjectOperations>(static provider => provider.GetRequiredService<ProjectOperations>());

    private static IServiceCollection AddParts(this IServiceCollection services) => services
        .AddSingleton<DataDirectoryPart>()
        .AddSingleton<StoresPart>()
        .AddSingleton<LeasesPart>()
        .AddSingleton<WorkersPart>()
        .AddSingleton<SchedulesPart>()
        .AddSingleton<ProjectsPart>()
        .AddSingleton<TasksPart>()
        .AddSingleton<CallbacksPart>()
        .AddSingleton<CleanupPart>()
        .AddSingleton<ScheduleRunsPart>()
        .AddSingleton<ShutdownLimitPart>()
        .AddSingleton<RuntimeParts>()
        .AddSingleton<FunctionRuntime>()
        .AddSingleton<IFunctionRuntime>(static provider => provider.GetRequiredService<FunctionRuntime>())
        .AddSingleton<IHostedService>(static provider => provider.GetRequiredService<FunctionRuntime>());

    private static IWorkerRunner MakeRunner(IServiceProvider provider)
    {
        var executable = provider.GetRequiredService<WorkerExecutable>();
        var environment = provider.GetRequiredService<WorkerEnvironment>().Variables;
        return Options(provider).Isolation == WorkerIsolation.Process
            ? new ProcessRunner(
                executable, environment, provider.GetRequiredService<WorkerLedger>(), provider.GetRequiredService<IWorkerOutputSink>(),
                provider.GetRequiredService<TimeProvider>())
            : new InProcessRunner(environment, pool => DeploymentContext.Open(executable.CoreDirectory, pool.Deployment));
    }

    private static CloudFunctionOptions Options(IServiceProvider provider) => provider.GetRequiredService<CloudFunctionOptions>();

    private static string RunDirectory(IServiceProvider provider) => Path.Combine(Options(provider).DataDirectory, "run");
}
