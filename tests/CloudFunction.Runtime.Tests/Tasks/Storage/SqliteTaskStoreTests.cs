using System.Text;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class SqliteTaskStoreTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TaskStoreUnderTest _tasks = new();

    public void Dispose() => _tasks.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(5_000_000)]
    public async Task GetAsync_AfterAWholeLife_GivesEverythingBack(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var terms = new TaskTerms
        {
            MaxAttempts = 2,
            Timeout = TimeSpan.FromSeconds(5),
            Deadline = TaskStoreUnderTest.Start.AddHours(1),
            Caller = "alice",
            TraceParent = "00-1",
            CallbackUrl = "https://example.com/",
            Schedule = "system_x",
        };
        var id = (await _tasks.Store.EnqueueAsync(new NewTask("shop", "pay", payload, terms), CancellationToken.None)).Id!.Value;
        var created = await _tasks.GetAsync(id);
        _tasks.Time.Advance(Minute);
        await _tasks.ClaimAsync();
        var attempt = await _tasks.StartAsync(id);
        Assert.Equal(FunctionTaskStatus.Running, await _tasks.StatusOfAsync(id));
        _tasks.Time.Advance(Minute);
        Assert.Equal(FunctionTaskStatus.Completed, await _tasks.EndAsync(id, attempt!.Value, TaskStoreUnderTest.Success with { Result = payload }));
        await _tasks.ReopenAsync();

        var task = await _tasks.GetAsync(id);
        Assert.Equal((FunctionTaskStatus.Created, 0, (StoredValue?)null), (created.Summary.Status, created.Attempts.Count, created.Result));
        Assert.Equal(
            (id, "shop", "pay", FunctionTaskStatus.Completed, 1, 2),
            (task.Summary.Id, task.Summary.Project, task.Summary.Function, task.Summary.Status, task.Summary.Attempts, task.Summary.AttemptLimit));
        Assert.Equal((TaskStoreUnderTest.Start, TaskStoreUnderTest.Start + (2 * Minute)), (task.Summary.CreatedAt, task.Summary.UpdatedAt));
        Assert.Equal(terms, task.Summary.Terms);
        Assert.Equal(payload, (await task.Payload.ReadAllAsync(CancellationToken.None)).ToArray());
        Assert.Equal(payload, (await task.Result!.ReadAllAsync(CancellationToken.None)).ToArray());
        Assert.Equal(
            new TaskAttempt(1, TaskStoreUnderTest.Start
                + Minute, TaskStoreUnderTest.Start + (2 * Minute), "w1", "log1", InvocationOutcome.Succeeded, null), Assert.Single(task.Attempts));
    }

    [Fact]
    public async Task GetAsync_IdWithAnotherSecondHalf_FindsNothing()
    {
        var id = await _tasks.AddAsync();

        Assert.Null(await _tasks.Store.GetAsync(id with { Salt = id.Salt ^ 1 }, CancellationToken.None));
        Assert.Equal(CancelOutcome.NotFound, await _tasks.Store.CancelAsync(id with { Salt = id.Salt ^ 1 }, CancellationToken.None));
        Assert.Null(await _tasks.StartAsync(id with { Salt = id.Salt ^ 1 }));
    }

    [Fact]
    public async Task EndAttemptAsync_Failure_RetriesWhenItsDelayIsOverUntilNoAttemptIsLeft()
    {
        var id = await _tasks.AddAsync(maxAttempts: 2);
        await _tasks.ClaimAsync();
        await _tasks.StartAsync(id);

        Assert.Equal(FunctionTaskStatus.Retrying, await _tasks.EndAsync(id, 1, TaskStoreUnderTest.Failure with { Delay = Minute }));
        Assert.Empty(await _tasks.ClaimAsync());
        var due = _tasks.Store.WaitForDueAsync(CancellationToken.None);
        await due.Soon("it was added once"); // Nobody waited for the first attempt.
        due = _tasks.Store.WaitForDueAsync(CancellationToken.None);
        Assert.False(due.IsCompleted);
        _tasks.Time.Advance(Minute);
        await due.Soon("the delay is over");
        Assert.Equal([id], await _tasks.ClaimAsync());
        Assert.Equal(2, await _tasks.StartAsync(id));
        Assert.Equal(FunctionTaskStatus.Failed, await _tasks.EndAsync(id, 2, TaskStoreUnderTest.Failure));
        Assert.Null(await _tasks.EndAsync(id, 2, TaskStoreUnderTest.Success));

        var task = await _tasks.GetAsync(id);
        Assert.Equal(TaskStoreUnderTest.Failure.Error, task.Summary.Error);
        Assert.All(
            task.Attempts,
            attempt => Assert.Equal((InvocationOutcome.FunctionFailed, TaskStoreUnderTest.Failure.Error), (attempt.Outcome, attempt.Error)));
        Assert.Equal([1, 2], task.Attempts.Select(attempt => attempt.Number));
    }

    [Theory]
    [InlineData((int)AttemptVerdict.Fail, nameof(FunctionTaskStatus.Failed))]
    [InlineData((int)AttemptVerdict.Cancel, nameof(FunctionTaskStatus.Cancelled))]
    [InlineData((int)AttemptVerdict.Requeue, nameof(FunctionTaskStatus.Retrying))]
    public async Task EndAttemptAsync_LastAttempt_DoesAsTheVerdictSays(int verdict, string status)
    {
        var id = await _tasks.RunAsync(new AttemptEnd((AttemptVerdict)verdict, InvocationOutcome.Rejected), maxAttempts: 1);

        Assert.Equal(status, (await _tasks.StatusOfAsync(id)).ToString());
    }

    [Fact]
    public async Task RerunAsync_FailedTask_GivesItItsAttemptsAgain()
    {
        var id = await _tasks.RunAsync(TaskStoreUnderTest.Failure, maxAttempts: 1);

        Assert.Equal(RerunOutcome.Queued, await _tasks.Store.RerunAsync(id, CancellationToken.None));
        Assert.Equal(RerunOutcome.NotFailed, await _tasks.Store.RerunAsync(id, CancellationToken.None));
        Assert.Equal([id], await _tasks.ClaimAsync());
        Assert.Equal(2, await _tasks.StartAsync(id));
        Assert.Equal(FunctionTaskStatus.Failed, await _tasks.EndAsync(id, 2, TaskStoreUnderTest.Failure));
        Assert.Equal(RerunOutcome.NotFound, await _tasks.Store.RerunAsync(default, CancellationToken.None));
    }

    [Fact]
    public async Task CancelAsync_EachState_CancelsOrTakesNote()
    {
        var (queued, claimed, running, finished) =
            (await _tasks.AddAsync("a"), await _tasks.AddAsync("b"), await _tasks.AddAsync("c"), await _tasks.AddAsync("d"));
        Assert.Equal(
            [claimed, running, finished], (await _tasks.Store.ClaimDueAsync(TestOwners.One, busy: "a")).Select(task => task.Summary.Id));
        await _tasks.StartAsync(running);
        await _tasks.StartAsync(finished);
        await _tasks.EndAsync(finished, 1, TaskStoreUnderTest.Success);

        Assert.Equal(
            [CancelOutcome.Cancelled, CancelOutcome.Cancelled, CancelOutcome.Requested, CancelOutcome.Finished],
            await Task.WhenAll(new[] { queued, claimed, running, finished }.Select(id => _tasks.Store.CancelAsync(id, CancellationToken.None))));

        Assert.Empty(await _tasks.ClaimAsync());
        Assert.Null(await _tasks.StartAsync(claimed));
        Assert.True((await _tasks.GetAsync(running)).Summary.IsCancelRequested);
        Assert.Equal(FunctionTaskStatus.Cancelled, await _tasks.EndAsync(running, 1, TaskStoreUnderTest.Failure));
    }

    [Fact]
    public async Task ClaimAsync_ClaimedTaskCancelledAndReleased_IsNotFoundAgain()
    {
        var id = await _tasks.AddAsync();
        await _tasks.ClaimAsync();
        await _tasks.Store.CancelAsync(id, CancellationToken.None);
        await _tasks.Store.ReleaseAsync(id, TestOwners.One, TimeSpan.Zero, CancellationToken.None);

        Assert.Empty(await _tasks.ClaimAsync());
        Assert.Empty(await _tasks.Store.CountDueAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Release_ClaimedTask_UsesUpNoAttempt()
    {
        var id = await _tasks.AddAsync(maxAttempts: 1);
        Assert.Equal([id], await _tasks.ClaimAsync());
        Assert.Empty(await _tasks.ClaimAsync());

        await _tasks.Store.ReleaseAsync(id, TestOwners.One, Minute, CancellationToken.None);
        Assert.Empty(await _tasks.ClaimAsync());
        _tasks.Time.Advance(Minute);

        Assert.Equal([id], await _tasks.ClaimAsync());
        Assert.Equal(1, await _tasks.StartAsync(id));
    }

    [Fact]
    public async Task ClaimAsync_LargePayloads_AreClaimedTogetherAndStayInTheirFiles()
    {
        var payload = new byte[20 << 20];
        TaskId[] ids = [await _tasks.AddAsync(payload: payload), await _tasks.AddAsync(payload: payload), await _tasks.AddAsync(payload: payload)];

        var claimed = await _tasks.Store.ClaimDueAsync(TestOwners.One);

        Assert.Equal(ids, claimed.Select(task => task.Summary.Id));
        Assert.All(claimed, task => Assert.Equal((payload.Length, true), ((int)task.Payload.Length, task.Payload.Memory is null)));
    }

    [Fact]
    public async Task Open_AfterACrash_CountsTheAttemptThatRan()
    {
        var (retried, failed, cancelled, queued) = (await _tasks.AddAsync(
            maxAttempts: 2), await _tasks.AddAsync(maxAttempts: 1), await _tasks.AddAsync(maxAttempts: 2), await _tasks.AddAsync());
        await _tasks.ClaimAsync();
        foreach (var id in new[] { retried, failed, cancelled })
        {
            await _tasks.StartAsync(id);
        }

        await _tasks.Store.CancelAsync(cancelled, CancellationToken.None);
        await _tasks.CrashAsync();

        Assert.Equal(FunctionTaskStatus.Retrying, await _tasks.StatusOfAsync(retried));
        Assert.Equal(FunctionTaskStatus.Failed, await _tasks.StatusOfAsync(failed));
        Assert.Equal(FunctionTaskStatus.Cancelled, await _tasks.StatusOfAsync(cancelled));
        Assert.Equal([retried, queued], await _tasks.ClaimAsync());
        Assert.Equal(2, await _tasks.StartAsync(retried));
        Assert.Equal(InvocationOutcome.WorkerLost, (await _tasks.GetAsync(failed)).Attempts[0].Outcome);
        Assert.Contains("2 tasks wait, of which 3 ran", _tasks.Logger.Messages[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 60)]
    [InlineData(50, 10)]
    [InlineData(-3600, 60)]
    [InlineData(3600, 0)]
    public async Task Open_DelayedTask_WaitsForTheRestOfItsDelayAndNeverLonger(int clockMovedSeconds, int wait)
    {
        var id = await _tasks.AddAsync(delay: Minute);
        await _tasks.Store.DisposeAsync();
        _tasks.Time.AdjustTime(TaskStoreUnderTest.Start.AddSeconds(clockMovedSeconds));
        await _tasks.ReopenAsync();

        if (wait > 0)
        {
            _tasks.Time.Advance(TimeSpan.FromSeconds(wait - 1));
            Assert.Empty(await _tasks.ClaimAsync());
            _tasks.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal([id], await _tasks.ClaimAsync());
    }

    [Fact]
    public async Task EnqueueAsync_ClockPutBack_GivesIdsThatAscend()
    {
        var first = await _tasks.AddAsync();
        await _tasks.Store.DisposeAsync();
        _tasks.Time.AdjustTime(TaskStoreUnderTest.Start.AddHours(-1));
        await _tasks.ReopenAsync();
        var second = await _tasks.AddAsync();

        Assert.True(second.CompareTo(first) > 0, $"{first} {second}");
        Assert.Equal([first, second], await _tasks.ClaimAsync());
        Assert.Equal('7', second.ToString()[12]);
        Assert.True(TaskId.TryParse(second.ToString(), out var parsed) && parsed == second);
    }

    // RFC 9562: version 7 and the variant '10'.
    [Fact]
    public async Task EnqueueAsync_AnyTask_HasAUuidOfVersionSeven()
    {
        for (var i = 0; i < 30; i++)
        {
            var id = (await _tasks.AddAsync()).ToString();
            Assert.True(id[12] == '7' && id[16] is '8' or '9' or 'a' or 'b', id);
        }
    }

    [Fact]
    public async Task EnqueueAsync_SameIdempotencyKey_IsStoredOnce()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EnqueueAsync("k", "{}")));
        await _tasks.ReopenAsync();
        var later = await EnqueueAsync("k", "{}");
        var conflict = await EnqueueAsync("k", "[]");

        Assert.Single(results, result => result.Outcome == EnqueueOutcome.Accepted);
        Assert.Single(results.Append(later).Select(result => result.Id).Distinct());
        Assert.Equal((EnqueueOutcome.Duplicate, EnqueueOutcome.Conflict), (later.Outcome, conflict.Outcome));
        Assert.Single(await _tasks.ListAsync(new TaskQuery()));
        Assert.Equal(EnqueueOutcome.Accepted, (await EnqueueAsync("k2", "{}")).Outcome);
    }

    [Fact]
    public async Task EnqueueAsync_ClosedStore_IsRefused()
    {
        await _tasks.Store.DisposeAsync();

        var write = await Assert.ThrowsAsync<TaskStoreException>(() => _tasks.AddAsync());
        var read = await Assert.ThrowsAsync<TaskStoreException>(() => _tasks.Store.GetAsync(default, CancellationToken.None));
        Assert.Equal((TaskStoreFault.Closed, TaskStoreFault.Closed), (write.Fault, read.Fault));
    }

    private static IdempotencyKey KeyOf(string key, string payload) =>
        IdempotencyKey.Of("shop", "pay", "alice", key, Encoding.UTF8.GetBytes(payload));

    private Task<EnqueueResult> EnqueueAsync(string key, string payload) => _tasks.Store.EnqueueAsync(
        new NewTask("shop", "pay", Encoding.UTF8.GetBytes(payload), new TaskTerms { MaxAttempts = 1 }) { IdempotencyKey = KeyOf(key, payload) },
        CancellationToken.None);
}
