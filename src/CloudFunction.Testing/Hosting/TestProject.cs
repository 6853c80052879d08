using System.Buffers;
using System.Collections;
using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Reflection;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Schedules;
using CloudFunction.Runtime.Workers;
using CloudFunction.Testing.Time;
using CloudFunction.Worker.Session;
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
    private readonly SocketDirectory _sockets;
    private readonly DeadlineSweep _sweep = new(TimeProvider.System);
    private readonly RoutingTable _routes = new();
    private readonly InvocationRouter _router;
    private readonly WorkerSupervisor _supervisor;
    private readonly ConcurrencyGate _gate;
    private Dictionary<string, string> _environment = [];
    private FrozenDictionary<string, FunctionRoute> _targets = FrozenDictionary<string, FunctionRoute>.Empty;

    private TestProject(Assembly functions, FunctionTestOptions options, TestLog log)
    {
        _project = options.Project;
        _sockets = SocketDirectory.Create(Path.Combine(_folder.FullName, "run", "socket-directory"));
        DataDirectory = Path.GetFullPath(options.DataDirectory ?? Path.Combine(_folder.FullName, "data"));
        var settings = new CloudFunctionOptions { MaxConcurrent = MaxConcurrent, StandbyWorkers = 0, NotifyTimeout = options.StartTimeout };
        var ledger = new WorkerLedger(Path.Combine(_folder.FullName, "run", "workers"));
        var environment = ProjectEnvironment.BuildBase(VariablesOfTheProcess(), FrozenDictionary<string, string>.Empty);
        IWorkerRunner runner = options.Isolation == WorkerIsolation.Process
            ? new ProcessRunner(FindWorker(), _sockets.SocketPath, environment, ledger, log, TimeProvider.System)
            : new InProcessRunner(_sockets.SocketPath, environment, _ => (socket, id, secret, variables, end) => WorkerProgram.HostAsync(socket, id, secret, (_, _) => functions, variables, end));
        _supervisor = new WorkerSupervisor(
            new SupervisorSettings(settings, options.MinLogLevel), runner, _sockets.SocketPath, ledger, _sweep, log, TimeProvider.System, NullLogger<WorkerSupervisor>.Instance);
        _gate = new ConcurrencyGate(MaxConcurrent, nameof(MaxConcurrent), new QueueBudget(MaxQueue), _sweep);
        _gate.Hold();
        _router = new InvocationRouter(_routes, _sweep, options.StartTimeout, TimeProvider.System);
    }

    /// <summary>The functions' names, sorted.</summary>
    public IReadOnlyList<string> Functions => [.. _targets.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The project's durable folder.</summary>
    public string DataDirectory { get; }

    /// <summary>Starts a project and waits until its functions can be called.</summary>
    /// <exception cref="Runtime.CloudFunctionException">It does not load.</exception>
    public static async Task<TestProject> StartAsync(Assembly functions, FunctionTestOptions options, TestLog log, TestClock? clock, CancellationToken cancellationToken)
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
    public Task<InvocationResult> SendAsync(string function, byte[] payload, ResultFormat format, CancellationToken cancellationToken)
    {
        switch (_targets.GetValueOrDefault(function)?.Target.Shape)
        {
            case FunctionShape.Http:
                throw FunctionInvocationException.WrongShape(function, $"an HTTP function: call it with {nameof(FunctionTestHost.SendAsync)}");
            case FunctionShape.Unary when format != ResultFormat.Json:
                throw FunctionInvocationException.WrongShape(function, $"no streaming function: call it with {nameof(FunctionTestHost.InvokeAsync)}");
            default:
                return SendAsync(function, new InvocationRequest(PipeReader.Create(new ReadOnlySequence<byte>(payload))) { Format = format }, cancellationToken);
        }
    }

    /// <summary>Calls an HTTP function.</summary>
    /// <inheritdoc cref="SendAsync(string, byte[], ResultFormat, CancellationToken)"/>
    public Task<InvocationResult> SendAsync(string function, HttpCall call, PipeReader body, CancellationToken cancellationToken) =>
        _targets.GetValueOrDefault(function) is { Target.Shape: not FunctionShape.Http }
            ? throw FunctionInvocationException.WrongShape(function, "no HTTP function")
            : SendAsync(function, new InvocationRequest(body) { Http = call }, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _gate.Close(new Rejection(RejectionReason.Draining, "The test host stops."));
        await _supervisor.DisposeAsync().ConfigureAwait(false);
        TestStartup.Forget(_environment);
        _sweep.Dispose();
        _sockets.Dispose();
        await RemoveAsync(_folder).ConfigureAwait(false);
    }

    private async Task LoadAsync(Assembly functions, FunctionTestOptions options, TestClock? clock, CancellationToken cancellationToken)
    {
        _supervisor.Start();
        Directory.CreateDirectory(DataDirectory);
        var deployment = options.Isolation == WorkerIsolation.Process
            ? StagedTests.Stage(functions, _project, Path.Combine(_folder.FullName, "deployment"), WorkerFolder.Default)
            : DeploymentOf(functions);
        _environment = TestStartup.Describe(options, clock);
        var pool = new WorkerPool(deployment, _environment, DataDirectory, size: 1, describe: false, TimeProvider.System) { Startup = TestStartup.Name };
        _supervisor.Add(pool);
        var ready = await pool.FirstReady.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        Serve(pool, ready, options.FunctionTimeout);
    }

    private void Serve(WorkerPool pool, ReadyMessage ready, TimeSpan functionTimeout)
    {
        var functions = ready.Functions.Select(DeployedFunction.Of).ToArray();
        var problems = new List<string>();
        FunctionSchedules.Read(_project, functions, problems);
        if (problems.Count > 0)
        {
            throw new DeploymentException(DeploymentErrorCode.Invalid, string.Join(' ', problems)); // As a deploy would.
        }

        var queue = new QueueBudget(MaxQueue);
        var now = TimeProvider.System.GetUtcNow();
        _targets = functions
            .Select((function, number) => new FunctionRoute(
                new FunctionTarget(
                    number, function.Name, function.Timeout ?? functionTimeout, _gate,
                    function.MaxConcurrent is { } limit ? new ConcurrencyGate(limit, "MaxConcurrent of the function", queue, _sweep) : null,
                    new FunctionRecorder(new FunctionCounters(new FunctionState(now, null, 0), new DirtyFlag()), log: null))
                {
                    Shape = function.Shape,
                },
                pool))
            .ToFrozenDictionary(target => target.Name, StringComparer.Ordinal);
        _routes.Publish([KeyValuePair.Create(_project, new ProjectRoute(_gate, _targets))]);
        _supervisor.Serve(new ServingPools(_gate, [pool]));
    }

    private async Task<InvocationResult> SendAsync(string function, InvocationRequest request, CancellationToken cancellationToken)
    {
        var result = await _router.InvokeAsync(_project, function, request, cancellationToken).ConfigureAwait(false);
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
            _project, 1, Path.GetDirectoryName(functions.Location) ?? AppContext.BaseDirectory, new DeploymentManifest(1, TimeProvider.System.GetUtcNow(), "", contents, null));
    }

    private static Dictionary<string, string> VariablesOfTheProcess() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string)variable.Value!, EnvironmentNames.Comparer);

    private static WorkerExecutable FindWorker()
    {
        try
        {
            var worker = new WorkerExecutable(WorkerFolder.Default);
            worker.Locate();
            return worker;
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
