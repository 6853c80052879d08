using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Configuration;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Dispatch;
using CloudFunction.Runtime.Tests.Invocations;

namespace CloudFunction.Runtime.Tests.Tasks.Dispatch;

/// <summary>The dispatcher over a store that fails and a router that is full, with a clock that a test moves.</summary>
public sealed class DispatchTests : IDisposable
{
    private static readonly TaskStoreException Busy = new(TaskStoreFault.Busy, "The file is locked.");

    private readonly TemporaryDirectory _folder = new();
    private readonly WaitedClock _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly RecordingLogger<TaskDispatcher> _logger = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly RouterUnderTest _under = new(limit: 2000);
    private readonly WatchedRouter _router;
    private readonly WatchedTasks _store;
    private readonly FakeWorker _worker;
    private readonly TaskDispatcher _dispatcher;

    public DispatchTests()
    {
        _store = new WatchedTasks(new MemoryTaskStore(_time));
        _router = new WatchedRouter(_under.Router);
        _worker = _under.AddWorker();
        _dispatcher = Make();
    }

    public void Dispose()
    {
        _stopping.Cancel();
        _dispatcher.Dispose();
        _under.Dispose();
        _stopping.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task RunAsync_TaskIsDue_CallsTheFunctionAndStoresWhatCameOfIt()
    {
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync(new TaskTerms { MaxAttempts = 2, Timeout = TimeSpan.FromSeconds(3), TraceParent = "00-1" });
        var first = _worker.NextCall();
        Assert.Equal((1, "00-1", 3000L), (first.Header.Attempt, first.Header.TraceParent, first.Header.RemainingMilliseconds));
        _worker.Fail(first.Stream, FailureCode.FunctionFailed, "It broke.");
        await UntilAsync(id, FunctionTaskStatus.Retrying);
        Assert.InRange(Assert.Single(_store.Ends).Delay, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromSeconds(2));
        var second = _worker.NextCall();
        Assert.Equal(2, second.Header.Attempt);
        _worker.Answer(second.Stream, "[2]");

        await UntilAsync(id, FunctionTaskStatus.Completed);
        var task = await GetAsync(id);
        Assert.Equal("[2]"u8.ToArray(), (await task.Result!.ReadAllAsync(default)).ToArray());
        Assert.Equal("It broke.", task.Attempts[0].Error!.Message);
        Assert.All(task.Attempts, attempt => Assert.Equal("w1", attempt.Worker));
        Assert.Equal(
            [InvocationId.Format(first.Header.InvocationId), InvocationId.Format(second.Header.InvocationId)],
            task.Attempts.Select(attempt => attempt.LogReference));
        Patience.Until(() => _dispatcher.Running == 0, () => $"{_dispatcher.Running} run");
        Assert.StartsWith($"Warning: Attempt 1 at task {id} of shop greet has failed", Assert.Single(Messages()), StringComparison.Ordinal);
        _under.AssertIdle();
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_WorkerDrains_RunsItAgainASecondLaterWithoutAWord()
    {
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync(new TaskTerms { MaxAttempts = 1 });
        _worker.Fail(_worker.NextCall().Stream, FailureCode.Draining);
        await UntilAsync(id, FunctionTaskStatus.Retrying);

        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(_store.Ends).Delay);
        _time.Advance(TimeSpan.FromSeconds(1));
        _worker.Answer(_worker.NextCall().Stream, "1");
        await UntilAsync(id, FunctionTaskStatus.Completed);
        Assert.Empty(Messages());
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_FunctionIsGone_FailsAtOnceAndIsLogged()
    {
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync(function: "none");
        await UntilAsync(id, FunctionTaskStatus.Failed);

        Assert.Equal(InvocationOutcome.NotFound, Assert.Single((await GetAsync(id)).Attempts).Outcome);
        Patience.Until(() => _dispatcher.Running == 0, () => $"{_dispatcher.Running} run");
        Assert.StartsWith($"Error: Task {id} of shop none has failed at attempt 1", Assert.Single(Messages()), StringComparison.Ordinal);
        await StopAsync(running);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task RunAsync_Deadline_IsKeptToAndItsPlaceGivenBack(int ticksLate, bool isOver)
    {
        var id = await AddAsync(new TaskTerms { MaxAttempts = 3, Deadline = _time.GetUtcNow().AddTicks(-ticksLate) });
        var running = _dispatcher.RunAsync(_stopping.Token);
        if (!isOver)
        {
            _worker.Answer(_worker.NextCall().Stream, "1");
        }

        await UntilAsync(id, isOver ? FunctionTaskStatus.Failed : FunctionTaskStatus.Completed);
        Assert.Equal(
            isOver ? InvocationOutcome.TimedOut : InvocationOutcome.Succeeded, Assert.Single((await GetAsync(id)).Attempts).Outcome);
        _under.AssertIdle();
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_PayloadIsGone_FailsAtOnceAndIsLogged()
    {
        _store.Claimed = task => task with { Payload = new StoredValue(10, (_, _, _) => throw new StoredValueGoneException("The file is gone.")) };
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync();
        await UntilAsync(id, FunctionTaskStatus.Failed);

        Assert.Equal(InvocationOutcome.InvalidPayload, Assert.Single((await GetAsync(id)).Attempts).Outcome);
        Assert.Contains("Error: A task's payload cannot be read: The file is gone.", Messages());
        _under.AssertIdle();
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_WorkerIsLostInTheResult_CountsTheAttempt()
    {
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync();
        var call = _worker.NextCall();
        _worker.Peer.Send(FrameType.Data, call.Stream, "[1,"u8);
        _worker.Peer.Dispose();

        await UntilAsync(id, FunctionTaskStatus.Retrying);
        Assert.Equal(InvocationOutcome.WorkerLost, Assert.Single((await GetAsync(id)).Attempts).Outcome);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_CallThrows_IsLoggedAndTheOthersGoOn()
    {
        _router.BeforeCall = _ => throw new InvalidOperationException("unexpected");
        var running = _dispatcher.RunAsync(_stopping.Token);
        await AddAsync();
        Patience.Until(() => Messages().Count > 0 && _dispatcher.Running == 0, () => $"{_dispatcher.Running} run");
        Assert.Contains("of shop greet failed unexpectedly", Assert.Single(Messages()), StringComparison.Ordinal);
        _router.BeforeCall = null;

        var next = await AddAsync();
        _worker.Answer(_worker.NextCall().Stream, "1");
        await UntilAsync(next, FunctionTaskStatus.Completed);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_StartCannotBeStored_GivesThePlaceBackAndTriesASecondLater()
    {
        _store.StartFailures.Enqueue(Busy);
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync();
        Patience.Until(() => _dispatcher.Running == 0 && !_store.Releases.IsEmpty, () => $"{_dispatcher.Running} run");

        Assert.Equal([TimeSpan.FromSeconds(1)], _store.Releases);
        Assert.Equal(["Error: The task store does not answer; it is asked again every second: The file is locked."], Messages());
        _under.AssertIdle();
        _time.Advance(TimeSpan.FromSeconds(1));
        var call = _worker.NextCall();
        Assert.Equal(1, call.Header.Attempt);
        _worker.Answer(call.Stream, "1");
        await UntilAsync(id, FunctionTaskStatus.Completed);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_CancelledBeforeItStarts_GivesThePlaceBackAndCallsNobody()
    {
        _store.BeforeStart = async id => Assert.Equal(CancelOutcome.Cancelled, await _store.CancelAsync(id, default));
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync();
        await UntilAsync(id, FunctionTaskStatus.Cancelled);

        _under.AssertIdle();
        Assert.Empty(_store.Ends);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_OthersTakeWhatWasDue_GivesThePlacesBack()
    {
        await AddAsync();
        var last = await AddAsync();
        _store.BeforeClaim = () => _store.CancelAsync(last, default);
        var running = _dispatcher.RunAsync(_stopping.Token);
        _worker.Answer(_worker.NextCall().Stream, "1");

        _under.AssertIdle();
        Assert.Equal([1], _store.ClaimSizes.Where(size => size > 0));
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_EndCannotBeStored_StoresItOnceTheStoreIsBack()
    {
        _store.EndFailures.Enqueue(Busy);
        _store.EndFailures.Enqueue(Busy);
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync();
        _worker.Answer(_worker.NextCall().Stream, "1");
        foreach (var tries in (int[])[1, 2])
        {
            // The next try, and the dispatcher.
            Patience.Until(() => _store.Ends.Count == tries && _time.Waiting == 2, () => $"{_store.Ends.Count} tries, {_time.Waiting} wait");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await UntilAsync(id, FunctionTaskStatus.Completed);
        Assert.Equal(3, _store.Ends.Count);
        Assert.Single(Messages(), message => message.StartsWith("Error", StringComparison.Ordinal));
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_StoreCannotBeRead_AsksAgainEverySecondAndLogsWhenItIsBack()
    {
        _store.CountFailures.Enqueue(Busy);
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync();
        Patience.Until(() => _store.Counts == 1 && Messages().Count == 1, () => $"{_store.Counts} times, {Messages().Count} messages");

        await PassUntilAsync(() => Task.FromResult(Messages().Contains("Information: The task store answers again")));
        Assert.Equal(2, Messages().Count);
        _worker.Answer(_worker.NextCall().Stream, "1");
        await UntilAsync(id, FunctionTaskStatus.Completed);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_AllPlacesAreTaken_ClaimsAtOnceWhenOneIsFree()
    {
        TakeAllPlaces();
        var running = _dispatcher.RunAsync(_stopping.Token);
        await AddAsync();
        Patience.Until(() => _router.Refused > 0, () => $"asked {_store.Counts} times");
        Assert.Empty(_store.ClaimSizes);

        _under.Gate.Exit();

        _worker.NextCall();
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_RoomThatNobodyReports_IsFoundASecondLater()
    {
        _router.IsSilent = true;
        var running = _dispatcher.RunAsync(_stopping.Token);
        var id = await AddAsync();
        Patience.Until(() => _router.Refused > 0, () => $"asked {_store.Counts} times");
        _router.IsSilent = false;

        await PassUntilAsync(async () => (await GetAsync(id)).Summary.Status == FunctionTaskStatus.Running);
        await StopAsync(running);
    }

    // Nothing is due and nothing ends: whoever asks all the same asks for ever.
    [Fact]
    public async Task RunAsync_NothingToDo_AsksOnlyOnceASecond()
    {
        var running = _dispatcher.RunAsync(_stopping.Token);
        await AddAsync(function: "none");
        Patience.Until(() => _dispatcher.Running == 0 && _store.Ends.Count == 1, () => $"{_dispatcher.Running} run");
        var before = _store.Counts;
        await PassUntilAsync(() => Task.FromResult(_store.Counts >= before + 5), TimeSpan.FromMilliseconds(100));

        Assert.InRange(_store.Counts, before + 5, 20);
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_ManyAreDue_ClaimsSoManyAtATimeOneClaimAfterAnother()
    {
        for (var i = 0; i < 150; i++)
        {
            await AddAsync();
        }

        var running = _dispatcher.RunAsync(_stopping.Token);

        Patience.Until(() => _dispatcher.Running == 150, () => $"{_dispatcher.Running} run");
        Assert.Equal([64, 64, 22], _store.ClaimSizes.Where(size => size > 0));
        await StopAsync(running);
    }

    [Fact]
    public async Task RunAsync_MoreAreDueThanOneHostRuns_KeepsToItsBoundAndGoesOnWhenOneEnds()
    {
        const int Bound = 1024;
        for (var i = 0; i < Bound + 3; i++)
        {
            await AddAsync();
        }

        var running = _dispatcher.RunAsync(_stopping.Token);
        var first = _worker.NextCall();
        for (var i = 1; i < Bound; i++)
        {
            _worker.NextCall();
        }

        Assert.Equal(Bound, _dispatcher.Running);
        _worker.Answer(first.Stream, "1");
        _worker.NextCall();
        Patience.Until(() => _store.Ends.Count == 1 && _dispatcher.Running == Bound, () => $"{_dispatcher.Running} run");
        Assert.Equal(Bound + 1, _store.ClaimSizes.Sum());
        await StopAsync(running);
    }

    [Fact]
    public async Task Cancel_ListenerThrows_IsLoggedAndTheOthersAreCancelled()
    {
        var running = _dispatcher.RunAsync(_stopping.Token);
        _router.BeforeCall = token => token.Register(() => throw new InvalidOperationException("unexpected"));
        var bad = await AddAsync();
        _worker.NextCall();
        _router.BeforeCall = null;
        var good = await AddAsync();
        var call = _worker.NextCall();

        await _store.CancelAsync(bad, default);
        _worker.Peer.Next(FrameType.Cancel);
        await _store.CancelAsync(good, default);

        Assert.Equal(call.Stream, _worker.Peer.Next(FrameType.Cancel).StreamId);
        Assert.Contains("Ending the attempt that runs at task", Assert.Single(Messages()), StringComparison.Ordinal);
        await StopAsync(running);
    }

    [Fact]
    public async Task WhenIdleAsync_SomeRun_CompletesWithTheLastAndWaitsForNoCancelsAnyMore()
    {
        var running = _dispatcher.RunAsync(_stopping.Token);
        await AddAsync();
        await AddAsync();
        var (first, second) = (_worker.NextCall(), _worker.NextCall());
        await StopAsync(running);
        var idle = _dispatcher.WhenIdleAsync();

        _worker.Answer(first.Stream, "1");
        Patience.Until(() => _dispatcher.Running == 1, () => $"{_dispatcher.Running} run");
        Assert.Equal((false, 1), (idle.IsCompleted, _store.CancelWaits));
        _worker.Answer(second.Stream, "2");

        await idle.Soon($"{_dispatcher.Running} run");
        Patience.Until(() => _store.CancelWaits == 0, () => $"{_store.CancelWaits} wait");
    }

    [Fact]
    public async Task WhenIdleAsync_NothingRuns_Completes()
    {
        await StopAsync(_dispatcher.RunAsync(_stopping.Token));

        await _dispatcher.WhenIdleAsync().Soon("nothing runs");
    }

    [Fact]
    public async Task Dispose_NobodyWaitedForTheLast_WaitsForNoCancelsAnyMore()
    {
        var dispatcher = Make();
        await StopAsync(dispatcher.RunAsync(_stopping.Token));
        Assert.Equal(1, _store.CancelWaits);

        dispatcher.Dispose();

        Patience.Until(() => _store.CancelWaits == 0, () => $"{_store.CancelWaits} wait");
    }

    private TaskDispatcher Make()
    {
        var bodies = new HostBodies(new CloudFunctionOptions { DataDirectory = _folder.Path }, maxOpenFiles: 32, TimeProvider.System);
        return new TaskDispatcher(_store, TestOwners.One, _router, bodies, _time, _logger);
    }

    private async Task<TaskId> AddAsync(TaskTerms? terms = null, string function = "greet") => (await _store.EnqueueAsync(
        new NewTask("shop", function, "{}"u8.ToArray(), terms ?? new TaskTerms { MaxAttempts = 3 }), default)).Id!.Value;

    private async Task<FunctionTask> GetAsync(TaskId id) => (await _store.GetAsync(id, default))!;

    private async Task UntilAsync(TaskId id, FunctionTaskStatus status)
    {
        using var bound = new CancellationTokenSource(Patience.Bound);
        while ((await GetAsync(id)).Summary.Status is var now && now != status)
        {
            Assert.False(bound.IsCancellationRequested, $"{id} is {now}, not {status}");
            await Task.Yield();
        }
    }

    // Moves the clock until something has come of it.
    private async Task PassUntilAsync(Func<Task<bool>> condition, TimeSpan? step = null)
    {
        using var bound = new CancellationTokenSource(Patience.Bound);
        while (!await condition())
        {
            Assert.False(bound.IsCancellationRequested, $"{_dispatcher.Running} run, asked {_store.Counts} times, at {_time.GetUtcNow():T}");
            _time.Advance(step ?? TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private void TakeAllPlaces()
    {
        while (_under.Gate.TryEnter())
        {
            // Until it is full.
        }
    }

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running.Soon("the dispatcher ends");
    }

    private List<string> Messages()
    {
        lock (_logger.Messages)
        {
            return [.. _logger.Messages];
        }
    }
}
