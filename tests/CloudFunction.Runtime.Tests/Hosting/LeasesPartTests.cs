using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Hosting.Parts;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Dispatch;
using CloudFunction.Runtime.Tests.Invocations;
using CloudFunction.Runtime.Tests.Tasks;
using CloudFunction.Runtime.Tests.Tasks.Callbacks;
using CloudFunction.Runtime.Tests.Tasks.Storage;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Hosting;

public sealed class LeasesPartTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskStoreUnderTest _folder = new();
    private readonly RouterUnderTest _under = new();
    private readonly RecordingLogger<LeasesPart> _logger = new();
    private readonly MemoryTaskStore _store;
    private readonly TaskDispatcher _dispatcher;
    private readonly LeasesPart _part;

    public LeasesPartTests()
    {
        _store = new MemoryTaskStore(_time);
        _dispatcher = new TaskDispatcher(
            _store, TestOwners.One, _under.Router, _folder.Bodies, TimeProvider.System, new RecordingLogger<TaskDispatcher>());
        _part = new LeasesPart(
            new CloudFunctionOptions(), TestOwners.One, _store, new MemoryCallbackStore(_time), _store, _dispatcher, _time, _logger);
    }

    public void Dispose()
    {
        _part.Dispose();
        _dispatcher.Dispose();
        _under.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task StartAsync_HostLives_KeepsWhatItHasClaimed()
    {
        var id = await AddAsync();
        await _store.ClaimDueAsync(TestOwners.One);
        await _part.StartAsync(default);
        for (var i = 0; i < 20; i++)
        {
            _time.Advance(TestOwners.One.Lease / 3);
            Assert.True(await _store.RenewAsync(TestOwners.Two, default));
        }

        Assert.Equal(1, await _store.StartAttemptAsync(id, TestOwners.One, null, null, default));
        await _part.StopAsync();
        Assert.Empty(_logger.Messages);
    }

    // A host that stood still for longer than its lease: what it runs is another's by then.
    [Fact]
    public async Task StartAsync_LeaseWasLost_LogsThatAndCutsWhatRuns()
    {
        var worker = _under.AddWorker();
        using var stopping = new CancellationTokenSource();
        var running = _dispatcher.RunAsync(stopping.Token);
        var id = await AddAsync();
        var call = worker.NextCall();
        _time.Advance(TestOwners.One.Lease);
        await _store.RenewAsync(TestOwners.Two, default);
        await _part.StartAsync(default);

        _time.Advance(TestOwners.One.Lease / 3);

        Assert.Equal(call.Stream, worker.Peer.Next(FrameType.Cancel).StreamId);
        worker.Fail(call.Stream, FailureCode.Cancelled);
        await _part.StopAsync();
        Assert.Contains("The lease in the store is lost", Assert.Single(_logger.Messages), StringComparison.Ordinal);
        Assert.Equal(FunctionTaskStatus.Failed, (await _store.GetAsync(id, default))!.Summary.Status);
        await stopping.CancelAsync();
        await running.Soon("the dispatcher ends");
    }

    private async Task<TaskId> AddAsync() =>
        (await _store.EnqueueAsync(new NewTask("shop", "greet", "{}"u8.ToArray(), new TaskTerms { MaxAttempts = 1 }), default)).Id!.Value;
}
