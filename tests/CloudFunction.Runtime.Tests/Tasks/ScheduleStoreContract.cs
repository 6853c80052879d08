using CloudFunction.Runtime.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks;

/// <summary>What every store of schedules does.</summary>
public abstract class ScheduleStoreContract
{
    private static readonly byte[] First = "{\"a\":1}"u8.ToArray();
    private static readonly byte[] Second = "{\"a\":2}"u8.ToArray();

    /// <summary>The clock that the store goes by.</summary>
    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    /// <summary>The store, which is empty at first; another one after <see cref="RestartAsync"/>.</summary>
    private protected abstract IScheduleStore Store { get; }

    /// <summary>Where the tasks are that it makes.</summary>
    private protected abstract ITaskStore Tasks { get; }

    /// <summary>Ends the host that has the store, and opens it again as another one would.</summary>
    private protected abstract Task RestartAsync();

    [Fact]
    public async Task TrySaveScheduleAsync_AsExpected_IsStoredOverARestart()
    {
        Assert.True(await SaveAsync("b", null, First));
        Assert.True(await SaveAsync("a", null, First));
        Assert.True(await SaveAsync("b", First, Second));
        await RestartAsync();

        Assert.Equal(
            [("a", First), ("b", Second)], (await Store.ReadSchedulesAsync(default)).Select(schedule => (schedule.Key, schedule.Value)).Order());
        Assert.Equal(Second, await Store.FindScheduleAsync("b", default));
        Assert.Null(await Store.FindScheduleAsync("c", default));
    }

    [Fact]
    public async Task TrySaveScheduleAsync_OtherThanExpected_ChangesNothing()
    {
        Assert.False(await SaveAsync("a", First, Second));
        Assert.Null(await Store.FindScheduleAsync("a", default));
        await SaveAsync("a", null, First);

        Assert.False(await SaveAsync("a", null, Second));
        Assert.False(await SaveAsync("a", Second, Second));
        Assert.False(await SaveAsync("a", [.. First, 32], Second)); // Byte by byte.
        Assert.False(await SaveAsync("a", null, null));
        Assert.False(await SaveAsync("a", Second, null));
        Assert.Equal(First, await Store.FindScheduleAsync("a", default));
    }

    [Fact]
    public async Task TrySaveScheduleAsync_NoState_DeletesIt()
    {
        await SaveAsync("a", null, First);

        Assert.True(await SaveAsync("a", First, null));

        Assert.Empty(await Store.ReadSchedulesAsync(default));
        Assert.True(await SaveAsync("a", null, Second));
    }

    [Fact]
    public async Task TryStartScheduledAsync_AsExpected_StoresBothAndTheTaskIsDue()
    {
        await SaveAsync("a", null, First);
        var id = await Store.ReserveTaskIdAsync(default);
        var due = Tasks.WaitForDueAsync(default);

        Assert.True(await Store.TryStartScheduledAsync("a", First, Second, NewTask(id), default));

        await due.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal([id], (await Tasks.ClaimDueAsync(TestOwners.One)).Select(task => task.Summary.Id));
        await RestartAsync();
        Assert.Equal(Second, await Store.FindScheduleAsync("a", default));
        Assert.Equal("a", (await Tasks.GetAsync(id, default))!.Summary.Terms.Schedule);
    }

    [Fact]
    public async Task TryStartScheduledAsync_OtherThanExpected_StoresNeither()
    {
        await SaveAsync("a", null, First);
        var id = await Store.ReserveTaskIdAsync(default);

        Assert.False(await Store.TryStartScheduledAsync("a", Second, Second, NewTask(id), default));
        Assert.False(await Store.TryStartScheduledAsync("a", null, Second, NewTask(id), default));

        Assert.Equal(First, await Store.FindScheduleAsync("a", default));
        Assert.Null(await Tasks.GetAsync(id, default));
        Assert.Empty(await Tasks.CountDueAsync(default));
    }

    // As many hosts as there are: a run is made by one of them.
    [Fact]
    public async Task TryStartScheduledAsync_ManyAtOnce_OneStartsARun()
    {
        await SaveAsync("a", null, First);
        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(async () =>
            await Store.TryStartScheduledAsync("a", First, [.. Second, (byte)i], NewTask(await Store.ReserveTaskIdAsync(default)), default))));

        Assert.Single(results, isStarted => isStarted);
        Assert.Single((await Tasks.ListAsync(new TaskQuery(), default)).Tasks);
    }

    [Fact]
    public async Task ReserveTaskIdAsync_BesideTasks_GivesNoIdTwiceAndSortsBehindEarlierOnes()
    {
        var reserved = await Store.ReserveTaskIdAsync(default);
        var made = (await Tasks.EnqueueAsync(NewTask(null), default)).Id!.Value;
        var more = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(() => Store.ReserveTaskIdAsync(default))));

        Assert.True(made.CompareTo(reserved) > 0);
        Assert.All(more, id => Assert.True(id.CompareTo(made) > 0));
        Assert.Equal(100, more.Distinct().Count());
    }

    private static NewTask NewTask(TaskId? id) => new("shop", "pay", "{}"u8.ToArray(), new TaskTerms { MaxAttempts = 1, Schedule = "a" }) { Id = id };

    private Task<bool> SaveAsync(string id, byte[]? expected, byte[]? state) => Store.TrySaveScheduleAsync(id, expected, state, default);
}
