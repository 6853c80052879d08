using System.Collections.Frozen;
using System.IO.Pipelines;
using System.Text;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Deployments;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Logging;
using CloudFunction.Runtime.Projects;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tests.Workers;
using CloudFunction.Runtime.Workers;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Invocations;

/// <summary>A router with one project 'shop' whose function is 'greet', and fake workers behind it.</summary>
internal sealed class RouterUnderTest : IDisposable
{
    private readonly List<FakeWorker> _workers = [];
    private readonly InvocationLog? _log;

    public RouterUnderTest(int limit = 1000, int maxQueue = 10, int? functionLimit = null, TimeProvider? time = null, LogPipeline? log = null)
    {
        Time = time ?? Clock;
        Sweep = new DeadlineSweep(Time);
        Queue = new QueueBudget(maxQueue);
        Gate = new ConcurrencyGate(limit, "MAX_CONCURRENT", Queue, Sweep);
        FunctionGate = functionLimit is { } f ? new ConcurrencyGate(f, "MaxConcurrent", Queue, Sweep) : null;
        var contents = new DeploymentContents("Shop.dll", "net10.0", [], false, null, null, null);
        var manifest = new DeploymentManifest(1, DateTimeOffset.UnixEpoch, "", contents, null);
        Pool = new WorkerPool(new Deployment("shop", 1, "/shop", manifest), new Dictionary<string, string>(), "/data", 1, false, Time);
        Pool.Serving = new ServingPools(Gate, [Pool]);
        Router = new InvocationRouter(Routes, Sweep, TimeSpan.FromSeconds(30), Time);
        _log = log is null ? null : new InvocationLog(log, "shop", "greet", Time);
        Publish();
    }

    public FakeTimeProvider Clock { get; } = new();

    public TimeProvider Time { get; }

    public DeadlineSweep Sweep { get; }

    public QueueBudget Queue { get; }

    public ConcurrencyGate Gate { get; }

    public ConcurrencyGate? FunctionGate { get; }

    public RoutingTable Routes { get; } = new();

    public WorkerPool Pool { get; }

    public InvocationRouter Router { get; }

    /// <summary>Publishes the project, beside another version without the function where its calls are divided.</summary>
    public void Publish(bool isSplit = false)
    {
        var counters = new FunctionCounters(new FunctionState(DateTimeOffset.UnixEpoch, null, 0), new DirtyFlag());
        var target = new FunctionTarget(3, "greet", TimeSpan.FromSeconds(10), Gate, FunctionGate, new FunctionRecorder(counters, _log));
        var functions = new Dictionary<string, FunctionRoute> { ["greet"] = new(target, Pool) }.ToFrozenDictionary();
        Routes.Publish([KeyValuePair.Create("shop", new ProjectRoute(Gate, functions)
        {
            Split = isSplit ? new TrafficSplit([(functions, 90), (FrozenDictionary<string, FunctionRoute>.Empty, 10)]) : null,
        })]);
    }

    public FakeWorker AddWorker()
    {
        var worker = FakeWorker.Connect(Time);
        _workers.Add(worker);
        Sweep.Add(worker.Connection);
        var handle = Handles.Create($"w{_workers.Count}", Pool);
        Assert.True(handle.TryConnect(worker.Connection));
        Pool.Members.Add(handle);
        Pool.Refresh();
        return worker;
    }

    public Task<InvocationResult> InvokeAsync(string payload = "\"Ada\"", TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        InvokeAsync(PipeReader.Create(new(Encoding.UTF8.GetBytes(payload))), timeout, null, cancellationToken);

    public Task<InvocationResult> InvokeAsync(
        PipeReader body, TimeSpan? timeout = null, string? traceParent = null, CancellationToken cancellationToken = default) =>
        Router.InvokeAsync("shop", "greet", new InvocationRequest(body, timeout, traceParent), cancellationToken).AsTask();

    /// <summary>Waits until every place, slot and place in the queue is free again.</summary>
    public void AssertIdle() => Patience.Until(
        () => Gate is { Running: 0, Waiting: 0 } && FunctionGate is null or { Running: 0, Waiting: 0 } && Queue.Waiting == 0
            && _workers.All(w => w.Connection.InFlight == 0),
        () => $"{Gate.Running} run, {Gate.Waiting} wait, {Queue.Waiting} in the queue, {FunctionGate?.Running} run in the function, "
            + $"in flight: {string.Join(", ", _workers.Select(w => w.Connection.InFlight))}");

    public static string TextOf(InvocationResult result) => Encoding.UTF8.GetString(result.Payload.Span);

    public void Dispose()
    {
        foreach (var worker in _workers)
        {
            worker.Dispose();
        }

        Sweep.Dispose();
    }
}
