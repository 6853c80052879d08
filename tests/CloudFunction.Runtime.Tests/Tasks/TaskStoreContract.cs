using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>What every store of tasks does.</summary>
public abstract class TaskStoreContract
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly AttemptEnd Success = new(AttemptVerdict.Complete, InvocationOutcome.Succeeded);
    private static readonly AttemptEnd Failure = new(AttemptVerdict.Retry, InvocationOutcome.FunctionFailed)
    {
        Error = new("It broke.", "Shop.Broken", null),
    };
    private static readonly StoreOwner One = TestOwners.One;
    private static readonly StoreOwner Two = TestOwners.Two;

    /// <summary>The clock that the store goes by.</summary>
    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>The store, which is empty at first; another one after <see cref="RestartAsync"/>.</summary>
    private protected abstract ITaskStore Store { get; }

    /// <summary>Ends the host that has the store, and opens it again as another one would.</summary>
    private protected abstract Task RestartAsync();

    [Fact]
    public async Task GetAsync_AfterAWholeLifeAndARestart_GivesEverythingBack()
    {
        var terms = new TaskTerms
        {
            MaxAttempts = 2,
            Timeout = TimeSpan.FromSeconds(5),
            Deadline = Time.GetUtcNow().AddHours(1),
            Caller = "alice",
            TraceParent = "00-1",
            CallbackUrl = "https://example.com/",
            Schedule = "system_x",
        };
        var start = Time.GetUtcNow();
        var id = (await Store.EnqueueAsync(new NewTask("shop", "pay", "[1]"u8.ToArray(), terms), default)).Id!.Value;
        Time.Advance(Minute);
        await ClaimAsync();
        Assert.Equal(1, await StartAsync(id));
        Assert.Equal(FunctionTaskStatus.Running, await StatusOfAsync(id));
        Time.Advance(Minute);
        Assert.Equal(FunctionTaskStatus.Completed, await EndAsync(id, 1, Success with { Result = "[2]"u8.ToArray() }));
        await RestartAsync();

        var task = (await Store.GetAsync(id, default))!;
        Assert.Equal(
            (id, "shop", "pay", FunctionTaskStatus.Completed, 1, 2),
            (task.Summary.Id, task.Summary.Project, task.Summary.Function, task.Summary.Status, task.Summary.Attempts, task.Summary.AttemptLimit));
        Assert.Equal((start, start + (2 * Minute), terms), (task.Summary.CreatedAt, task.Summary.UpdatedAt, task.Summary.Terms));
        Assert.Equal("[1]"u8.ToArray(), (await task.Payload.ReadAllAsync(default)).ToArray());
        Assert.Equal("[2]"u8.ToArray(), (await task.Result!.ReadAllAsync(default)).ToArray());
        Assert.Equal(
            new TaskAttempt(1, start + Minute, start + (2 * Minute), "w1", "log1", InvocationOutcome.Succeeded, null), Assert.Single(task.Attempts));
    }

    [Fact]
    public async Task EnqueueAsync_ManyAtOnceAndOverRestarts_GivesIdsThatAscendAndNoneTwice()
    {
        var ids = new List<TaskId>();
        for (var round = 0; round < 3; round++)
        {
            var made = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => AddAsync())));
            Assert.All(
                made,
                id => Assert.True(ids.Count == 0 || id.CompareTo(ids.Max()) > 0, $"{id} comes before {(ids.Count == 0 ? default : ids.Max())}"));
            ids.AddRange(made);
            await RestartAsync();
        }

        Assert.Equal(150, ids.Distinct().Count());
        Assert.Equal(ids.Order(), await ClaimAsync(max: 200));
    }

    [Fact]
    public async Task EnqueueAsync_SameIdempotencyKey_IsStoredOnce()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => EnqueueAsync("k", "{}")));
        await RestartAsync();
        var later = await EnqueueAsync("k", "{}");
        var conflict = await EnqueueAsync("k", "[]");

        Assert.Single(results, result => result.Outcome == EnqueueOutcome.Accepted);
        Assert.Single(results.Append(later).Select(result => result.Id).Distinct());
        Assert.Equal((EnqueueOutcome.Duplicate, EnqueueOutcome.Conflict, null), (later.Outcome, conflict.Outcome, conflict.Id));
        Assert.Equal(EnqueueOutcome.Accepted, (await EnqueueAsync("k2", "{}")).Outcome);
        Assert.Equal(2, (await Store.ListAsync(new TaskQuery(), default)).Tasks.Count);
    }

    [Fact]
    public async Task CountDueAsync_SomeAreClaimedOrNotDue_CountsTheOthersByFunction()
    {
        var (first, second) = (await AddAsync("shop", "pay"), await AddAsync("shop", "mail"));
        await AddAsync("shop", "pay");
        var delayed = await AddAsync("other", "pay", delay: Minute);

        Assert.Equal([new DueCount("shop", "pay", 2, first), new DueCount("shop", "mail", 1, second)], await CountAsync());
        await Store.ClaimAsync(One, [new TaskRoom("shop", "pay", 2)], default);
        Time.Advance(Minute);
        Assert.Equal([new DueCount("shop", "mail", 1, second), new DueCount("other", "pay", 1, delayed)], await CountAsync());
    }

    [Fact]
    public async Task ClaimAsync_RoomForSome_TakesTheOldestOfEachFunctionAndEachOnce()
    {
        var (first, second, third) = (await AddAsync("p", "f"), await AddAsync("p", "g"), await AddAsync("p", "f"));

        var claimed = await Store.ClaimAsync(One, [new TaskRoom("p", "f", 1), new TaskRoom("p", "g", 5), new TaskRoom("none", "f", 3)], default);

        Assert.Equal([first, second], claimed.Select(task => task.Summary.Id).Order());
        Assert.Equal([third], await ClaimAsync(Two));
        Assert.Empty(await ClaimAsync());
        Assert.Empty(await Store.ClaimAsync(One, [], default));
    }

    [Fact]
    public async Task ClaimAsync_ManyAtOnce_GivesEachTaskToOne()
    {
        var ids = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => AddAsync()));

        var claims = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => Store.ClaimAsync(i % 2 == 0 ? One : Two, [new TaskRoom("shop", "pay", 7)], default))));

        Assert.Equal(ids.Order(), claims.SelectMany(claim => claim).Select(task => task.Summary.Id).Order());
    }

    [Fact]
    public async Task ReleaseAsync_ClaimedTask_IsDueAfterItsDelayAndUsesUpNoAttempt()
    {
        var id = await AddAsync(maxAttempts: 1);
        await ClaimAsync();

        await Store.ReleaseAsync(id, Two, TimeSpan.Zero, default); // Not its claim.
        Assert.Empty(await ClaimAsync());
        await Store.ReleaseAsync(id, One, Minute, default);
        Assert.Empty(await ClaimAsync());
        Time.Advance(Minute);

        Assert.Equal([id], await ClaimAsync());
        Assert.Equal(1, await StartAsync(id));
    }

    [Fact]
    public async Task StartAttemptAsync_ClaimOfAnotherOrNone_StartsNothing()
    {
        var id = await AddAsync();

        Assert.Null(await StartAsync(id));
        await ClaimAsync(Two);
        Assert.Null(await StartAsync(id));

        Assert.Equal((FunctionTaskStatus.Created, 0), await StateOfAsync(id));
        Assert.Equal(1, await StartAsync(id, Two));
        Assert.Null(await EndAsync(id, 1, Success));
        Assert.Null(await EndAsync(id, 2, Success, Two));
        Assert.Equal((FunctionTaskStatus.Running, 1), await StateOfAsync(id));
        Assert.Equal(FunctionTaskStatus.Completed, await EndAsync(id, 1, Success, Two));
        Assert.Null(await EndAsync(id, 1, Failure, Two));
        Assert.Equal((FunctionTaskStatus.Completed, 1), await StateOfAsync(id));
    }

    // A host that has lost a claim, taken the task again and started it, starts it by the first claim too.
    [Fact]
    public async Task StartAttemptAsync_StartedAlready_StartsNothingAndLeavesTheAttemptItsClaim()
    {
        var id = await AddAsync();
        await ClaimAsync();
        Time.Advance(One.Lease);
        await Store.RenewAsync(Two, default);
        Assert.Equal([id], await ClaimAsync());

        Assert.Equal(1, await StartAsync(id));
        Assert.Null(await StartAsync(id));

        Assert.Equal(FunctionTaskStatus.Completed, await EndAsync(id, 1, Success));
    }

    [Fact]
    public async Task EndAttemptAsync_Failure_RetriesWhenItsDelayIsOverUntilNoAttemptIsLeft()
    {
        var id = await AddAsync(maxAttempts: 2);
        await RunAsync(id, Failure with { Delay = Minute });

        Assert.Equal(FunctionTaskStatus.Retrying, await StatusOfAsync(id));
        Assert.Empty(await ClaimAsync());
        Time.Advance(Minute);
        await RunAsync(id, Failure);

        var task = (await Store.GetAsync(id, default))!;
        Assert.Equal((FunctionTaskStatus.Failed, Failure.Error), (task.Summary.Status, task.Summary.Error));
        Assert.Equal([1, 2], task.Attempts.Select(attempt => attempt.Number));
        Assert.All(task.Attempts, attempt => Assert.Equal((InvocationOutcome.FunctionFailed, Failure.Error), (attempt.Outcome, attempt.Error)));
        Assert.Empty(await CountAsync());
    }

    [Theory]
    [InlineData((int)AttemptVerdict.Fail, nameof(FunctionTaskStatus.Failed))]
    [InlineData((int)AttemptVerdict.Cancel, nameof(FunctionTaskStatus.Cancelled))]
    [InlineData((int)AttemptVerdict.Complete, nameof(FunctionTaskStatus.Completed))]
    [InlineData((int)AttemptVerdict.Requeue, nameof(FunctionTaskStatus.Retrying))]
    public async Task EndAttemptAsync_EachVerdict_IsFollowed(int verdict, string status)
    {
        var id = await AddAsync(maxAttempts: 1);
        await RunAsync(id, new AttemptEnd((AttemptVerdict)verdict, InvocationOutcome.Rejected));

        Assert.Equal(status, (await StatusOfAsync(id)).ToString());
        if (verdict == (int)AttemptVerdict.Requeue)
        {
            await RunAsync(id, Success); // It did not count.
            Assert.Equal((FunctionTaskStatus.Completed, 2), await StateOfAsync(id));
        }
    }

    [Fact]
    public async Task EndAttemptAsync_Requeued_HasAllItsAttemptsLeft()
    {
        var id = await AddAsync(maxAttempts: 2);
        await RunAsync(id, new AttemptEnd(AttemptVerdict.Requeue, InvocationOutcome.WorkerLost));

        await RunAsync(id, Failure);
        Assert.Equal((FunctionTaskStatus.Retrying, 2), await StateOfAsync(id));
        await RunAsync(id, Failure);
        Assert.Equal((FunctionTaskStatus.Failed, 3), await StateOfAsync(id));
    }

    [Fact]
    public async Task CancelAsync_EachState_CancelsOrNotifiesItsOwner()
    {
        var (queued, claimed, running, finished) = (await AddAsync("a"), await AddAsync("b"), await AddAsync("c"), await AddAsync("d"));
        await Store.ClaimDueAsync(One, busy: "a");
        await StartAsync(running);
        await StartAsync(finished);
        await EndAsync(finished, 1, Success);
        var (wishes, wishesOfTwo) = (Store.WaitForCancelsAsync(One, default), Store.WaitForCancelsAsync(Two, default));

        Assert.Equal(CancelOutcome.Cancelled, await Store.CancelAsync(queued, default));
        Assert.Equal(CancelOutcome.Cancelled, await Store.CancelAsync(claimed, default));
        Assert.Equal(CancelOutcome.Finished, await Store.CancelAsync(finished, default));
        Assert.Equal(CancelOutcome.NotFound, await Store.CancelAsync(default, default));
        Assert.False(wishes.IsCompleted);
        Assert.Equal(CancelOutcome.Requested, await Store.CancelAsync(running, default));

        Assert.Equal([running], await wishes.Soon("it was asked to cancel"));
        Assert.False(wishesOfTwo.IsCompleted);
        Assert.Empty(await ClaimAsync());
        Assert.Null(await StartAsync(claimed));
        Assert.True((await Store.GetAsync(running, default))!.Summary.IsCancelRequested);
        Assert.Equal(FunctionTaskStatus.Cancelled, await EndAsync(running, 1, Failure));
        Assert.Equal(FunctionTaskStatus.Cancelled, await StatusOfAsync(queued));
    }

    [Fact]
    public async Task WaitForCancelsAsync_AskedBeforeAndCancelled_GivesWhatWasAskedAndEnds()
    {
        var id = await AddAsync();
        await ClaimAsync();
        await StartAsync(id);
        await Store.CancelAsync(id, default);
        await Store.CancelAsync(id, default);

        Assert.Equal([id], await Store.WaitForCancelsAsync(One, default).Soon("it was asked to cancel"));
        using var ended = new CancellationTokenSource();
        var next = Store.WaitForCancelsAsync(One, ended.Token);
        Assert.False(next.IsCompleted);
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task RerunAsync_FailedTask_HasItsAttemptsAgain()
    {
        var id = await AddAsync(maxAttempts: 1);
        await RunAsync(id, Failure);

        Assert.Equal(RerunOutcome.Queued, await Store.RerunAsync(id, default));
        Assert.Equal(RerunOutcome.NotFailed, await Store.RerunAsync(id, default));
        Assert.Equal(RerunOutcome.NotFound, await Store.RerunAsync(default, default));
        await RunAsync(id, Failure);
        Assert.Equal((FunctionTaskStatus.Failed, 2), await StateOfAsync(id));
    }

    [Fact]
    public async Task RerunAsync_FailedBeforeItsLastAttempt_HasAsManyAgainAsItHadAtFirst()
    {
        var id = await AddAsync(maxAttempts: 2);
        await RunAsync(id, new AttemptEnd(AttemptVerdict.Fail, InvocationOutcome.InvalidPayload));

        await Store.RerunAsync(id, default);
        await RunAsync(id, Failure);
        Assert.Equal((FunctionTaskStatus.Retrying, 2), await StateOfAsync(id));
        await RunAsync(id, Failure);
        Assert.Equal((FunctionTaskStatus.Failed, 3), await StateOfAsync(id));
    }

    [Fact]
    public async Task RenewAsync_InTime_KeepsClaimsHoweverLong()
    {
        var id = await AddAsync();
        await ClaimAsync();
        await StartAsync(id);
        for (var i = 0; i < 20; i++)
        {
            Time.Advance(One.Lease / 2);
            Assert.True(await Store.RenewAsync(One, default));
            Assert.True(await Store.RenewAsync(Two, default));
        }

        Assert.Equal(FunctionTaskStatus.Completed, await EndAsync(id, 1, Success));
    }

    [Fact]
    public async Task RenewAsync_OthersLeaseIsOver_FreesItsClaimsAndItsLateWritesChangeNothing()
    {
        var (claimed, running, last) = (await AddAsync(maxAttempts: 1), await AddAsync(maxAttempts: 2), await AddAsync(maxAttempts: 1));
        await ClaimAsync();
        await StartAsync(running);
        await StartAsync(last);
        await Store.WaitForDueAsync(default).Soon("they were added");
        var due = Store.WaitForDueAsync(default);
        Time.Advance(One.Lease);
        Assert.Empty(await ClaimAsync(Two)); // Nobody has found out.

        Assert.True(await Store.RenewAsync(Two, default));

        await due.Soon("the claims are free");
        Assert.Equal((FunctionTaskStatus.Created, 0), await StateOfAsync(claimed));
        Assert.Equal((FunctionTaskStatus.Retrying, 1), await StateOfAsync(running));
        Assert.Equal((FunctionTaskStatus.Failed, 1), await StateOfAsync(last));
        Assert.Equal(InvocationOutcome.WorkerLost, Assert.Single((await Store.GetAsync(last, default))!.Attempts).Outcome);
        Assert.Equal([claimed, running], await ClaimAsync(Two));
        Assert.Equal(2, await StartAsync(running, Two));

        Assert.Null(await StartAsync(claimed));
        Assert.Null(await EndAsync(running, 1, Success));
        Assert.Null(await EndAsync(running, 2, Success));
        Assert.Null(await EndAsync(last, 1, Success));
        await Store.ReleaseAsync(claimed, One, TimeSpan.Zero, default);
        Assert.Empty(await ClaimAsync());
        Assert.False(await Store.RenewAsync(One, default));
        Assert.True(await Store.RenewAsync(One, default));
        Assert.Equal(1, await StartAsync(claimed, Two));
        Assert.Equal(FunctionTaskStatus.Completed, await EndAsync(running, 2, Success, Two));
    }

    [Fact]
    public async Task RenewAsync_LostTaskThatSomebodyWantedToCancel_IsCancelled()
    {
        var id = await AddAsync();
        await ClaimAsync();
        await StartAsync(id);
        await Store.CancelAsync(id, default);
        Time.Advance(One.Lease);

        await Store.RenewAsync(Two, default);

        Assert.Equal(FunctionTaskStatus.Cancelled, await StatusOfAsync(id));
    }

    [Fact]
    public async Task Restart_EverythingAcknowledged_IsThereAndWhatRanIsCounted()
    {
        var (queued, claimed, retried, failed) = (await AddAsync(), await AddAsync(), await AddAsync(maxAttempts: 2), await AddAsync(maxAttempts: 1));
        await Store.ClaimAsync(One, [new TaskRoom("shop", "pay", 4)], default);
        await Store.ReleaseAsync(queued, One, TimeSpan.Zero, default);
        await StartAsync(retried);
        await StartAsync(failed);

        await RestartAsync();

        Assert.Equal(
            [FunctionTaskStatus.Created, FunctionTaskStatus.Created, FunctionTaskStatus.Retrying, FunctionTaskStatus.Failed],
            await Task.WhenAll(new[] { queued, claimed, retried, failed }.Select(StatusOfAsync)));
        Assert.Equal([queued, claimed, retried], await ClaimAsync(Two));
        Assert.Equal(2, await StartAsync(retried, Two));
        Assert.Null(await StartAsync(claimed)); // The claim of the host that ended.
    }

    [Fact]
    public async Task WaitForDueAsync_AddedReleasedOrDue_CompletesOnceForIt()
    {
        var added = Store.WaitForDueAsync(default);
        Assert.False(added.IsCompleted);
        var id = await AddAsync();
        await added.Soon("a task was added");
        await ClaimAsync();

        var released = Store.WaitForDueAsync(default);
        await Store.ReleaseAsync(id, One, TimeSpan.FromHours(1), default);
        Assert.False(released.IsCompleted);
        Time.Advance(TimeSpan.FromHours(1));
        await released.Soon("the delay is over");
        Assert.Equal([id], await ClaimAsync());
        Assert.False(Store.WaitForDueAsync(default).IsCompleted);
    }

    [Fact]
    public async Task ListAsync_FiltersAndPages_GivesTheNewestFirstWithNoneTwice()
    {
        var ids = new List<TaskId>();
        for (var i = 0; i < 10; i++)
        {
            ids.Add(await AddAsync(i % 2 == 0 ? "shop" : "mail", i % 3 == 0 ? "pay" : "send"));
        }

        var paged = new List<TaskId>();
        var query = new TaskQuery { Limit = 3 };
        for (TaskPage? page = null; page is null || page.Next is not null; query = query with { Before = page.Next })
        {
            page = await Store.ListAsync(query, default);
            paged.AddRange(page.Tasks.Select(task => task.Id));
        }

        Assert.Equal(Enumerable.Reverse(ids), paged);
        Assert.Equal([ids[6], ids[0]], await ListAsync(new TaskQuery { Project = "shop", Function = "pay" }));
        Assert.Equal([ids[9], ids[6], ids[3], ids[0]], await ListAsync(new TaskQuery { Function = "pay" }));
        await RunAsync(ids[1], Failure);
        Assert.Equal([ids[1]], await ListAsync(new TaskQuery { Status = FunctionTaskStatus.Retrying }));
    }

    [Fact]
    public async Task SweepAsync_SomeFinishedLongAgo_DeletesThoseWithTheirKeysAndNoOthers()
    {
        var old = (await EnqueueAsync("old", "{}")).Id!.Value;
        await RunAsync(old, Success);
        var waiting = (await EnqueueAsync("waiting", "{}")).Id!.Value;
        Time.Advance(Minute);
        var limit = Time.GetUtcNow();
        var young = await AddAsync("young");
        await Store.ClaimDueAsync(One, busy: "shop");
        await EndAsync(young, (await StartAsync(young))!.Value, Success);

        Assert.Equal(1, await Store.SweepAsync(limit, default));

        Assert.Equal([young, waiting], await ListAsync(new TaskQuery()));
        Assert.Equal(EnqueueOutcome.Accepted, (await EnqueueAsync("old", "{}")).Outcome);
        Assert.Equal(EnqueueOutcome.Duplicate, (await EnqueueAsync("waiting", "{}")).Outcome);
        Assert.Equal(0, await Store.SweepAsync(limit, default));
    }

    // Two hosts that do anything at any time, one of which stops at times and comes back. Nothing is claimed by both, no attempt has a number twice,
    // what is finished stays so, and in the end everything is finished.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task AnySteps_OfTwoHosts_KeepEveryTaskWhole(int seed)
    {
        var random = new Random(seed);
        var held = new Dictionary<StoreOwner, Dictionary<TaskId, int>> { [One] = [], [Two] = [] }; // The attempt's number; 0: not started.
        var finished = new Dictionary<TaskId, FunctionTaskStatus>();
        var all = new List<TaskId>();
        for (var step = 0; step < 400; step++)
        {
            var owner = random.Next(2) == 0 ? One : Two;
            var mine = held[owner];
            switch (random.Next(12))
            {
                case < 3:
                    all.Add(await AddAsync(
                        $"p{random.Next(3)}", $"f{random.Next(2)}", random.Next(1, 4), TimeSpan.FromSeconds(random.Next(2) * random.Next(60))));
                    break;
                case < 6:
                    foreach (var id in await ClaimAsync(owner, random.Next(1, 5)))
                    {
                        Assert.DoesNotContain(id, held[One].Keys);
                        Assert.DoesNotContain(id, held[Two].Keys);
                        mine.Add(id, 0);
                    }

                    break;
                case < 10 when mine.Count > 0:
                    await GoOnAsync(owner, mine.Keys.ElementAt(random.Next(mine.Count)), random);
                    break;
                case 10 when all.Count > 0:
                    await Store.CancelAsync(all[random.Next(all.Count)], default);
                    break;
                default:
                    await PassAsync(TimeSpan.FromSeconds(random.Next(15)), random.Next(4) == 0 ? owner : null);
                    break;
            }
        }

        for (var round = 0; round < 1000 && finished.Count < all.Count; round++)
        {
            await PassAsync(One.Lease / 2, null);
            foreach (var id in await ClaimAsync(One))
            {
                held[One].Add(id, 0);
            }

            foreach (var (owner, id) in held.SelectMany(each => each.Value.Keys.Select(id => (each.Key, id))).ToList())
            {
                await GoOnAsync(owner, id, random);
            }

            foreach (var id in all)
            {
                if (await StatusOfAsync(id) is FunctionTaskStatus.Completed or FunctionTaskStatus.Failed or FunctionTaskStatus.Cancelled)
                {
                    finished[id] = await StatusOfAsync(id);
                }
            }
        }

        Assert.Equal(all.Count, finished.Count);
        foreach (var id in all)
        {
            var task = (await Store.GetAsync(id, default))!;
            Assert.Equal(finished[id], task.Summary.Status);
            Assert.Equal(Enumerable.Range(1, task.Summary.Attempts), task.Attempts.Select(attempt => attempt.Number));
            Assert.All(task.Attempts, attempt => Assert.NotNull(attempt.Outcome));
        }

        // One that has stopped renews no more; what it holds is the other's once its lease is over.
        async Task PassAsync(TimeSpan time, StoreOwner? stopped)
        {
            Time.Advance(stopped is null ? time : stopped.Lease);
            foreach (var owner in held.Keys.Where(owner => owner != stopped))
            {
                if (!await Store.RenewAsync(owner, default))
                {
                    held[owner].Clear();
                }
            }

            if (stopped is not null)
            {
                foreach (var (id, attempt) in held[stopped])
                {
                    Assert.Null(attempt == 0 ? await StartAsync(id, stopped) : (int?)await EndAsync(id, attempt, Success, stopped));
                }

                held[stopped].Clear();
                await Store.RenewAsync(stopped, default); // It is back.
            }
        }

        async Task GoOnAsync(StoreOwner owner, TaskId id, Random random)
        {
            var mine = held[owner];
            if (mine[id] == 0 && random.Next(5) == 0)
            {
                await Store.ReleaseAsync(id, owner, TimeSpan.FromSeconds(random.Next(10)), default);
                mine.Remove(id);
            }
            else if (mine[id] == 0)
            {
                if (await StartAsync(id, owner) is { } number)
                {
                    mine[id] = number;
                }
                else
                {
                    Assert.Equal(FunctionTaskStatus.Cancelled, await StatusOfAsync(id));
                    mine.Remove(id);
                }
            }
            else
            {
                AttemptEnd[] ends =
                [
                    Success,
                    Failure,
                    Failure with { Delay = TimeSpan.FromSeconds(random.Next(60)) },
                    new(AttemptVerdict.Requeue, InvocationOutcome.Rejected),
                ];
                Assert.NotNull(await EndAsync(id, mine[id], ends[random.Next(ends.Length)], owner));
                mine.Remove(id);
            }
        }
    }

    private async Task<TaskId> AddAsync(string project = "shop", string function = "pay", int maxAttempts = 3, TimeSpan delay = default)
    {
        var task = new NewTask(project, function, "{}"u8.ToArray(), new TaskTerms { MaxAttempts = maxAttempts }) { Delay = delay };
        var result = await Store.EnqueueAsync(task, default);
        Assert.Equal(EnqueueOutcome.Accepted, result.Outcome);
        return result.Id!.Value;
    }

    private Task<EnqueueResult> EnqueueAsync(string key, string payload)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(payload);
        return Store.EnqueueAsync(
            new NewTask("shop", "pay", bytes, new TaskTerms { MaxAttempts = 1 })
            {
                IdempotencyKey = IdempotencyKey.Of("shop", "pay", "alice", key, bytes),
            },
            default);
    }

    private async Task<IReadOnlyList<TaskId>> ClaimAsync(StoreOwner? owner = null, int max = 100) =>
        [.. (await Store.ClaimDueAsync(owner ?? One, max)).Select(task => task.Summary.Id).Order()];

    private Task<int?> StartAsync(TaskId id, StoreOwner? owner = null) => Store.StartAttemptAsync(id, owner ?? One, "w1", "log1", default);

    private Task<FunctionTaskStatus?> EndAsync(TaskId id, int attempt, AttemptEnd end, StoreOwner? owner = null) =>
        Store.EndAttemptAsync(id, owner ?? One, attempt, end, default);

    private async Task RunAsync(TaskId id, AttemptEnd end)
    {
        Assert.Contains(id, await ClaimAsync());
        Assert.NotNull(await EndAsync(id, (await StartAsync(id))!.Value, end));
    }

    private async Task<List<DueCount>> CountAsync() => [.. (await Store.CountDueAsync(default)).OrderBy(due => due.Oldest)];

    private async Task<IEnumerable<TaskId>> ListAsync(TaskQuery query) => (await Store.ListAsync(query, default)).Tasks.Select(task => task.Id);

    private async Task<FunctionTaskStatus> StatusOfAsync(TaskId id) => (await Store.GetAsync(id, default))!.Summary.Status;

    private async Task<(FunctionTaskStatus Status, int Attempts)> StateOfAsync(TaskId id)
    {
        var task = (await Store.GetAsync(id, default))!.Summary;
        return (task.Status, task.Attempts);
    }
}
