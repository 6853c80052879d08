using System.Text;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>What every store of outcomes by Idempotency-Key does.</summary>
public abstract class IdempotencyStoreContract
{
    private static readonly StoreOwner One = TestOwners.One;
    private static readonly StoreOwner Two = TestOwners.Two;

    /// <summary>The clock that the store goes by.</summary>
    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>The store, which is empty at first; another one after <see cref="RestartAsync"/>.</summary>
    private protected abstract IIdempotencyStore Store { get; }

    /// <summary>Where tasks of the same keys are stored.</summary>
    private protected abstract ITaskStore Tasks { get; }

    /// <summary>Ends the host that has the store, and opens it again as another one would.</summary>
    private protected abstract Task RestartAsync();

    [Fact]
    public async Task ReserveAsync_KeyOfACallThatRuns_IsRunningOrAConflict()
    {
        Assert.Equal(KeyState.Reserved, await ReserveAsync("k", One));

        Assert.Equal(KeyState.Running, await ReserveAsync("k", One));
        Assert.Equal(KeyState.Running, await ReserveAsync("k", Two));
        Assert.Equal(KeyState.Conflict, await ReserveAsync("k", Two, "[]"));
        Assert.Equal(KeyState.Reserved, await ReserveAsync("other", Two));
    }

    [Fact]
    public async Task ReserveAsync_ManyAtOnce_GivesTheKeyToOne()
    {
        var states = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => ReserveAsync("k", i % 2 == 0 ? One : Two))));

        Assert.Single(states, state => state == KeyState.Reserved);
        Assert.Equal(49, states.Count(state => state == KeyState.Running));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task SaveAsync_Reserved_IsStoredOverARestartAndAnswersEveryLaterCall(int length)
    {
        var outcome = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        await ReserveAsync("k", One);
        var ended = Store.WaitForEndAsync(Key("k"), default);
        Assert.False(ended.IsCompleted);

        var saved = await Store.SaveAsync(Key("k"), One, outcome, null, default);

        Assert.Equal(outcome, await BytesOfAsync(saved));
        Assert.True(await ended.Soon("its outcome is stored"));
        await RestartAsync();
        var (state, record) = await Store.ReserveAsync(Key("k"), Two, null, default);
        Assert.Equal((KeyState.Stored, true, null), (state, record!.IsSamePayload, record.Task));
        Assert.Equal(outcome, await BytesOfAsync(record));
        Assert.False((await Store.ReserveAsync(Key("k", "[]"), Two, null, default)).Record!.IsSamePayload);
        Assert.True(await Store.WaitForEndAsync(Key("k"), default));
    }

    [Fact]
    public async Task SaveAsync_NotReservedByIt_StoresNothing()
    {
        Assert.Null(await Store.SaveAsync(Key("k"), One, "1"u8.ToArray(), null, default));
        await ReserveAsync("k", One);
        Assert.Null(await Store.SaveAsync(Key("k"), Two, "2"u8.ToArray(), null, default));
        await Store.FreeAsync(Key("k"), Two, default);

        Assert.Equal(KeyState.Running, await ReserveAsync("k", Two));
        Assert.Equal("3"u8.ToArray(), await BytesOfAsync(await Store.SaveAsync(Key("k"), One, "3"u8.ToArray(), null, default)));
        Assert.Null(await Store.SaveAsync(Key("k"), One, "4"u8.ToArray(), null, default));
        Assert.Equal("3"u8.ToArray(), await BytesOfAsync((await Store.ReserveAsync(Key("k"), One, null, default)).Record));
    }

    [Fact]
    public async Task FreeAsync_Reserved_FreesTheKeyAndLetsThoseGoOnThatWait()
    {
        await ReserveAsync("k", One);
        var (first, second) = (Store.WaitForEndAsync(Key("k"), default), Store.WaitForEndAsync(Key("k"), default));

        await Store.FreeAsync(Key("k"), One, default);

        Assert.True(await first.Soon("it was freed") && await second.Soon("it was freed"));
        Assert.Equal(KeyState.Reserved, await ReserveAsync("k", Two));
    }

    [Fact]
    public async Task WaitForEndAsync_Cancelled_Ends()
    {
        await ReserveAsync("k", One);
        using var waiting = new CancellationTokenSource();
        var ended = Store.WaitForEndAsync(Key("k"), waiting.Token);

        await waiting.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ended);
        Assert.Equal(KeyState.Running, await ReserveAsync("k", Two));
    }

    [Fact]
    public async Task RenewAsync_OthersLeaseIsOver_LosesItsCallsAndItsLateOutcomeIsNotStored()
    {
        await ReserveAsync("lost", One);
        await ReserveAsync("kept", Two);
        var (lost, kept) = (Store.WaitForEndAsync(Key("lost"), default), Store.WaitForEndAsync(Key("kept"), default));
        Time.Advance(One.Lease / 2);
        await Store.RenewAsync(Two, default);
        Time.Advance(One.Lease / 2);

        await Store.RenewAsync(Two, default);

        Assert.False(await lost.Soon("its owner is lost"));
        Assert.False(kept.IsCompleted);
        Assert.Null(await Store.SaveAsync(Key("lost"), One, "late"u8.ToArray(), null, default));
        Assert.Equal(KeyState.Reserved, await ReserveAsync("lost", Two));
        await Store.FreeAsync(Key("lost"), One, default);
        Assert.Equal(KeyState.Running, await ReserveAsync("lost", One));
        Assert.Equal(KeyState.Running, await ReserveAsync("kept", One));
    }

    [Fact]
    public async Task Restart_ReservedKey_IsFree()
    {
        await ReserveAsync("k", One);
        await RestartAsync();

        Assert.Equal(KeyState.Reserved, await ReserveAsync("k", Two));
    }

    [Fact]
    public async Task EnqueueAsync_KeyOfACall_IsAConflictWhileItRunsAndAfterwards()
    {
        await ReserveAsync("k", One);

        Assert.Equal(EnqueueOutcome.Conflict, (await EnqueueAsync("k")).Outcome);
        await Store.SaveAsync(Key("k"), One, "1"u8.ToArray(), null, default);
        Assert.Equal(EnqueueOutcome.Conflict, (await EnqueueAsync("k")).Outcome);
        await ReserveAsync("free", One);
        await Store.FreeAsync(Key("free"), One, default);
        Assert.Equal(EnqueueOutcome.Accepted, (await EnqueueAsync("free")).Outcome);
    }

    [Fact]
    public async Task ReserveAsync_KeyOfATask_IsTheTasks()
    {
        var id = (await EnqueueAsync("k")).Id;

        var (state, record) = await Store.ReserveAsync(Key("k"), One, null, default);

        Assert.Equal((KeyState.Stored, id, null, true), (state, record!.Task, record.Outcome, record.IsSamePayload));
    }

    // A key is a task's or a call's, and one's alone, whoever comes first.
    [Fact]
    public async Task ReserveAsync_TaskWithTheSameKeyAtOnce_OneOfThemGetsIt()
    {
        for (var round = 0; round < 50; round++)
        {
            var key = $"k{round}";
            var (reserving, enqueueing) = (Task.Run(() => ReserveAsync(key, One)), Task.Run(() => EnqueueAsync(key)));
            await Task.WhenAll(reserving, enqueueing);

            Assert.Equal(
                await reserving == KeyState.Reserved ? EnqueueOutcome.Conflict : EnqueueOutcome.Accepted, (await enqueueing).Outcome);
        }
    }

    private static IdempotencyKey Key(string key, string payload = "{}") =>
        IdempotencyKey.Of("shop", "pay", null, key, Encoding.UTF8.GetBytes(payload));

    private static async Task<byte[]> BytesOfAsync(IdempotencyRecord? record) => (await record!.Outcome!.ReadAllAsync(default)).ToArray();

    private async Task<KeyState> ReserveAsync(string key, StoreOwner owner, string payload = "{}") =>
        (await Store.ReserveAsync(Key(key, payload), owner, null, default)).State;

    private Task<EnqueueResult> EnqueueAsync(string key) => Tasks.EnqueueAsync(
        new NewTask("shop", "pay", "{}"u8.ToArray(), new TaskTerms { MaxAttempts = 1 }) { IdempotencyKey = Key(key) }, default);
}
