using System.Buffers;
using System.Collections;
using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Reflection;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.InProcess;
using CloudFunction.Runtime.Workers.Processes;
using CloudFunction.Testing.Time;
using CloudFunction.Worker.Session;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudFunction.Testing.Hosting;

/// <summary>One project with its one worker: the part of a host that runs functions, and nothing else of it.</summary>
internal sealed class TestProject : IAsyncDisposable
{
    private const int MaxConcurrent = 1000;
    private const int MaxQueue = 1000;

    private static readonly TimeSpan EndTimeout = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cf-test-");
    private readonly string _project;
    private readonly ServiceProvider _services;
    private readonly ProjectGates _gates;
    private Dictionary<string, string> _environment = [];
    private FrozenDictionary<string, FunctionRoute> _routes = FrozenDictionary<string, FunctionRoute>.Empty;

    private TestProject(Assembly functions, FunctionTestOptions options, TestLog log)
    {
        _project = options.Project;
        DataDirectory = Path.GetFullPath(options.DataDirectory ?? Path.Combine(_folder.FullName, "data"));
        _services = MakeServices(functions, options, log);
        _gates = new ProjectGates(
            new GateLimits(MaxConcurrent, MaxQueue), _services.GetRequiredService<DeadlineSweep>(), onHeldWait: static () => { });
    }

    /// <summary>The functions' names, sorted.</summary>
    public IReadOnlyList<string> Functions => [.. _routes.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The project's durable folder.</summary>
    public string DataDirectory { get; }

    /// <summary>Starts a project and waits until its functions can be called.</summary>
    /// <exception cref="Runtime.CloudFunctionException">It does not load.</exception>
    public static async Task<TestProject> StartAsync(
        Assembly functions, FunctionTestOptions options, TestLog log, TestClock? clock, CancellationToken cancellationToken)
    {
        var project = new TestProject(functions, options, log);
        try
        {
            await project.LoadAsync(functions, options, clock, cancellationToken).ConfigureAwait(false);
            return project;
        }
        catch
        {
            await project.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Calls a function.</summary>
    /// <returns>The result, which has begun and is no failure; the caller disposes it.</returns>
    /// <exception cref="FunctionInvocationException">It failed.</exception>
    /// <exception cref="OperationCanceledException">The token fired.</exception>
    public Task<InvocationResult> SendAsync(string function, byte[] payload, ItemEncoding format, CancellationToken cancellationToken)
    {
        switch (_routes.GetValueOrDefault(function)?.Target.Kind)
        {
            case FunctionKind.Http:
                throw FunctionInvocationException.WrongShape(function, $"an HTTP function: call it with {nameof(FunctionTestHost.SendAsync)}");
            case FunctionKind.Unary when format != ItemEncoding.Array:
                throw FunctionInvocationException.WrongShape(function, $"no streaming function: call it with {nameof(FunctionTestHost.InvokeAsync)}");
            default:
                return SendAsync(
                    function, new InvocationRequest(PipeReader.Create(new ReadOnlySequence<byte>(payload))) { Items = format }, cancellationToken);
        }
    }

    /// <summary>Calls an HTTP function.</summary>
    /// <inheritdoc cref="SendAsync(string, byte[], ItemEncoding, CancellationToken)"/>
    public Task<InvocationResult> SendAsync(string function, HttpCallHead call, PipeReader body, CancellationToken cancellationToken) =>
        _routes.GetValueOrDefault(function) is { Target.Kind: not FunctionKind.Http }
            ? throw FunctionInvocationException.WrongShape(function, "no HTTP function")
            : SendAsync(function, new InvocationRequest(body) { Http = call }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _gates.Project.Close(new Rejection(RejectionReason.Draining, "The test host stops."));
        await _services.DisposeAsync().ConfigureAwait(false); // First the supervisor, which was made last.
        TestStartup.Forget(_environment);
        await RemoveAsync(_folder).ConfigureAwait(false);
    }

    private async Task LoadAsync(Assembly functions, FunctionTestOptions options, TestClock? clock, CancellationToken cancellationToken)
    {
        if (options.Isolation == WorkerIsolation.Process)
        {
            LocateWorker();
        }

        _services.GetRequiredService<SocketDirectory>().Create();
        var supervisor = _services.GetRequiredService<WorkerSupervisor>();
        supervisor.Start();
        Directory.CreateDirectory(DataDirectory);
        var deployment = options.Isolation == WorkerIsolation.Process
            ? StagedTests.Stage(functions, _project, Path.Combine(_folder.FullName, "deployment"), WorkerFolder.Default)
            : DeploymentOf(functions);
        _environment = TestStartup.Describe(options, clock);
        var pool = new WorkerPool(deployment, _environment, DataDirectory, size: 1, describe: false, TimeProvider.System)
        {
            Startup = TestStartup.Name,
        };
        supervisor.Add(pool);
        var ready = await pool.FirstReady.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        GoLive(supervisor, pool, ready, options.FunctionTimeout);
    }

    private void GoLive(WorkerSupervisor supervisor, WorkerPool pool, ReadyMessage ready, TimeSpan functionTimeout)
    {
        var functions = ready.Functions.Select(DeployedFunction.Of).ToArray();
        ProjectSchedules.Check(_project, functions); // As a deploy would.
        _routes = functions
            .Select((function, number) => new FunctionRoute(_gates.TargetOf(function, number, functionTimeout, NewRecorder()), pool))
            .ToFrozenDictionary(route => route.Name, StringComparer.Ordinal);
        var route = new ProjectRoute(_gates.Project, _routes) { BodyGate = _gates.Bodies };
        _services.GetRequiredService<RoutingTable>().Publish([KeyValuePair.Create(_project, route)]);
        supervisor.Serve(new ServingPools(_gates.Project, [pool]));
    }

    private static FunctionRecorder NewRecorder() =>
        new(new FunctionCounters(new FunctionState(TimeProvider.System.GetUtcNow(), null, 0), new DirtyFlag()), log: null);

    private async Task<InvocationResult> SendAsync(string function, InvocationRequest request, CancellationToken cancellationToken)
    {
        var result = await _services.GetRequiredService<IInvocationRouter>().InvokeAsync(
            _project, function, request, cancellationToken).ConfigureAwait(false);
        if (result.Outcome == InvocationOutcome.Succeeded)
        {
            return result;
        }

        await result.StopSendingAsync().ConfigureAwait(false);
        using (result)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw FunctionInvocationException.Of(result);
        }
    }

    private Deployment DeploymentOf(Assembly functions)
    {
        var contents = new DeploymentContents(Path.GetFileName(functions.Location), "", [], NeedsOwnProcess: false, null, null, null);
        return new Deployment(
            _project, 1, Path.GetDirectoryName(functions.Location) ?? AppContext.BaseDirectory,
            new DeploymentManifest(1, TimeProvider.System.GetUtcNow(), "", contents, null));
    }

    private static Dictionary<string, string> VariablesOfTheProcess() =>
        Environment.GetEnvironmentVariables()
            .Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, EnvironmentNames.Comparer);

    // The same parts as a host's, less all that has to do with more than calls and workers.
    private ServiceProvider MakeServices(Assembly functions, FunctionTestOptions options, TestLog log)
    {
        var settings = new CloudFunctionOptions
        {
            DataDirectory = _folder.FullName,
            MaxConcurrent = MaxConcurrent,
            StandbyWorkers = 0,
            NotifyTimeout = options.StartTimeout,
            Isolation = options.Isolation,
        };
        var environment = ProjectEnvironment.BuildBase(VariablesOfTheProcess(), FrozenDictionary<string, string>.Empty);
        var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddSingleton(typeof(ILogger<>), typeof(NullLogger<>))
            .AddSingleton(settings)
            .AddSingleton(new WorkerEnvironment(environment))
            .AddSingleton<IWorkerOutputSink>(log)
            .AddSingleton(new SupervisorSettings(settings, options.MinLogLevel));
        if (options.Isolation == WorkerIsolation.None)
        {
            services.AddSingleton<IWorkerRunner>(provider => new InProcessRunner(
                environment,
                _ => (endpoint, variables, end) => WorkerProgram.HostAsync(
                    endpoint.SocketPath, endpoint.WorkerId, endpoint.Secret, (_, _) => functions, variables, end)));
        }

        return services.AddCalls().AddWorkers().BuildServiceProvider();
    }

    private void LocateWorker()
    {
        try
        {
            _services.GetRequiredService<WorkerExecutable>().Locate();
        }
        catch (FileNotFoundException e)
        {
            throw new InvalidOperationException($"{e.Message} Let the test project reference the package CloudFunction.Testing itself.", e);
        }
    }

    // On Windows what a worker had loaded is still held for a moment after its end.
    private static async Task RemoveAsync(DirectoryInfo folder)
    {
        var until = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                folder.Delete(recursive: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (TimeProvider.System.GetElapsedTime(until) > EndTimeout)
                {
                    return; // It lies in the temporary folder, and no test has failed for it.
                }

                await Task.Delay(50).ConfigureAwait(false);
            }
        }
    }
}
