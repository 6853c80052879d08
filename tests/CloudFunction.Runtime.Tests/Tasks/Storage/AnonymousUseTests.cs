using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

/// <summary>What callers without identity may store.</summary>
public sealed class AnonymousUseTests : IDisposable
{
    private const int RowBytes = 512;
    private const int MaxBytes = 400_000; // 100,000 for each project.

    private readonly TaskStoreUnderTest _tasks = new(anonymousBytes: MaxBytes);

    public void Dispose() => _tasks.Dispose();

    [Fact]
    public async Task EnqueueAsync_AProjectsQuarterIsUsedUp_IsRefusedThereAloneAndOthersAreNot()
    {
        Assert.Equal(EnqueueOutcome.Accepted, await EnqueueAsync("shop", 100_000 - RowBytes));
        Assert.Equal(EnqueueOutcome.NoRoom, await EnqueueAsync("shop", 0));
        Assert.Equal(EnqueueOutcome.Accepted, await EnqueueAsync("mail", 1000));
        Assert.Equal(EnqueueOutcome.Accepted, await EnqueueAsync("shop", 1000, isAnonymous: false));
        Assert.Equal(KeyState.NoRoom, (await _tasks.Store.ReserveAsync(Key("k"), TestOwners.One, "shop", default)).State);
        Assert.Equal(KeyState.Reserved, (await _tasks.Store.ReserveAsync(Key("k"), TestOwners.One, "mail", default)).State);
    }

    [Fact]
    public async Task EnqueueAsync_AllIsUsedUp_IsRefusedInEveryProjectAndLeavesNoFile()
    {
        foreach (var project in (string[])["a", "b", "c", "d"])
        {
            Assert.Equal(EnqueueOutcome.Accepted, await EnqueueAsync(project, 100_000 - RowBytes));
        }

        Assert.Equal(EnqueueOutcome.NoRoom, await EnqueueAsync("e", 70_000));
        Assert.Equal(4, Directory.GetFiles(_tasks.Blobs).Length);
    }

    [Fact]
    public async Task SaveAsync_NoRoom_StoresNothing()
    {
        Assert.NotNull(await _tasks.SaveAsync(Key("small"), new byte[10], "shop"));
        Assert.Null(await _tasks.SaveAsync(Key("large"), new byte[100_000], "shop"));
        Assert.Null(await _tasks.FindAsync(Key("large")));
        Assert.NotNull(await _tasks.SaveAsync(Key("large"), new byte[100_000]));
    }

    [Fact]
    public async Task EndAsync_ResultHasNoRoom_FailsTheTaskWithTheReason()
    {
        await EnqueueAsync("shop", 1000);
        var id = Assert.Single(await _tasks.ClaimAsync());

        var status = await _tasks.EndAsync(id, (await _tasks.StartAsync(id))!.Value, TaskStoreUnderTest.Success with { Result = new byte[100_000] });

        Assert.Equal(FunctionTaskStatus.Failed, status);
        var task = await _tasks.GetAsync(id);
        Assert.Null(task.Result);
        Assert.Contains("ANONYMOUS_STORE_BYTES", task.Summary.Error!.Message);
        Assert.Empty(Directory.GetFiles(_tasks.Blobs));
        Assert.Equal(1000 + RowBytes, Used("shop"));
    }

    // Whatever happens, also over restarts: the sum is that of the rows.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task AnySteps_AndRestarts_TheSumsAreThoseOfTheRows(int seed)
    {
        var random = new Random(seed);
        for (var step = 0; step < 80; step++)
        {
            var (project, isAnonymous) = (random.Next(2) == 0 ? "shop" : "mail", random.Next(3) > 0);
            switch (random.Next(5))
            {
                case 0 or 1:
                    await EnqueueAsync(project, random.Next(20_000), isAnonymous);
                    break;
                case 2:
                    foreach (var id in await _tasks.ClaimAsync(3))
                    {
                        var end = random.Next(2) == 0
                            ? TaskStoreUnderTest.Success with { Result = new byte[random.Next(30_000)] }
                            : TaskStoreUnderTest.Failure;
                        await _tasks.EndAsync(id, (await _tasks.StartAsync(id))!.Value, end);
                    }

                    break;
                case 3:
                    await _tasks.SaveAsync(Key($"{random.Next(20)}"), new byte[random.Next(20_000)], isAnonymous ? project : null);
                    break;
                default:
                    _tasks.Time.Advance(TimeSpan.FromHours(random.Next(24)));
                    await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow() - TimeSpan.FromHours(36), default);
                    await _tasks.CrashAsync();
                    break;
            }

            Assert.Equal(Rows("shop"), Used("shop"));
            Assert.Equal(Rows("mail"), Used("mail"));
            Assert.Equal(Rows("shop") + Rows("mail"), Used(""));
            Assert.InRange(Used("shop"), 0, MaxBytes / 4);
        }

        _tasks.Time.Advance(TimeSpan.FromDays(30));
        while (await _tasks.ClaimAsync() is { Count: > 0 } claimed)
        {
            foreach (var id in claimed)
            {
                await _tasks.EndAsync(id, (await _tasks.StartAsync(id))!.Value, TaskStoreUnderTest.Success);
            }
        }

        _tasks.Time.Advance(TimeSpan.FromDays(30));
        await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow(), default);
        Assert.Equal(0, Used(""));
    }

    private static IdempotencyKey Key(string key) => IdempotencyKey.Of("shop", "pay", null, key, "{}"u8);

    private async Task<EnqueueOutcome> EnqueueAsync(string project, int bytes, bool isAnonymous = true) =>
        (await _tasks.Store.EnqueueAsync(
            new NewTask(project, "pay", new byte[bytes], new TaskTerms { MaxAttempts = 1 }) { IsAnonymous = isAnonymous }, default)).Outcome;

    private long Used(string project) => _tasks.Scalar($"SELECT coalesce(sum(bytes), 0) FROM anonymous_use WHERE project = '{project}'");

    private long Rows(string project) => _tasks.Scalar(
        $"""
        SELECT coalesce((SELECT sum(anonymous) FROM task t JOIN function f ON f.id = t.function WHERE f.project = '{project}'), 0)
            + coalesce((SELECT sum(anonymous) FROM idempotency WHERE project = '{project}'), 0)
        """);
}
