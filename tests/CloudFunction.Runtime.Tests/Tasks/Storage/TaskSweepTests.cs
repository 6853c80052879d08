using CloudFunction.Runtime.Tasks;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class TaskSweepTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly TaskStoreUnderTest _tasks = new();

    public void Dispose() => _tasks.Dispose();

    [Fact]
    public async Task SweepAsync_OldAndYoung_DeletesWhatFinishedBefore()
    {
        var failed = await _tasks.RunAsync(TaskStoreUnderTest.Failure);
        var finishedLate = await _tasks.AddAsync();
        await _tasks.ClaimAsync();
        await _tasks.StartAsync(finishedLate);
        for (var i = 0; i < 500; i++)
        {
            await _tasks.RunAsync(TaskStoreUnderTest.Success, function: i % 2 == 0 ? "pay" : "greet", payload: new byte[i % 2 * 1000]);
        }

        var waiting = await _tasks.AddAsync(delay: 24 * Hour);
        _tasks.Time.Advance(Hour);
        await _tasks.EndAsync(finishedLate, 1, TaskStoreUnderTest.Success);
        var young = await _tasks.RunAsync(TaskStoreUnderTest.Success, project: "other");

        Assert.Equal(501, await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow(), CancellationToken.None));
        Assert.Equal([young, waiting, finishedLate], await _tasks.ListAsync(new TaskQuery()));
        Assert.Null(await _tasks.Store.GetAsync(failed, CancellationToken.None));
        Assert.Equal((2, 0), (_tasks.Scalar("SELECT count(*) FROM attempt"), _tasks.Scalar("SELECT count(*) FROM payload")));
        Assert.Equal(0, await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow(), CancellationToken.None));
    }

    [Fact]
    public async Task SweepAsync_IdempotencyKeys_StayAsLongAsTheirTaskAndGoWithAge()
    {
        var kept = await EnqueueAsync("waits");
        var call = IdempotencyKey.Of("shop", "pay", null, "call", default);
        await _tasks.SaveAsync(call, new byte[10]);
        _tasks.Time.Advance(Hour);
        await EnqueueAsync("young");

        await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow(), CancellationToken.None);

        Assert.Null(await _tasks.FindAsync(call));
        Assert.Equal((EnqueueOutcome.Duplicate, kept.Id), ((await EnqueueAsync("waits")).Outcome, (await EnqueueAsync("waits")).Id));
        Assert.Equal(EnqueueOutcome.Duplicate, (await EnqueueAsync("young")).Outcome);
    }

    [Fact]
    public async Task SweepAsync_MuchWasDeleted_GivesTheDiskSpaceBack()
    {
        for (var i = 0; i < 640; i++)
        {
            await _tasks.RunAsync(TaskStoreUnderTest.Success, payload: new byte[NewValue.MaxRowBytes]);
        }

        _tasks.Time.Advance(Hour);
        Assert.InRange(_tasks.Scalar("PRAGMA page_count"), 10_000, 12_000);
        await _tasks.Store.SweepAsync(_tasks.Time.GetUtcNow(), CancellationToken.None);

        Assert.InRange(_tasks.Scalar("PRAGMA page_count"), 0, 4200);
    }

    private Task<EnqueueResult> EnqueueAsync(string key) => _tasks.Store.EnqueueAsync(
        new NewTask("shop", "pay", Array.Empty<byte>(), new TaskTerms { MaxAttempts = 1 })
        {
            IdempotencyKey = IdempotencyKey.Of("shop", "pay", null, key, default),
        }, CancellationToken.None);
}
