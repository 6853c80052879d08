using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

/// <summary>What every store of callbacks does.</summary>
public abstract class CallbackStoreContract
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>The clock that the store goes by.</summary>
    internal FakeTimeProvider Time { get; } = new();

    /// <summary>The store, which is empty at first; another one after <see cref="RestartAsync"/>.</summary>
    private protected abstract ICallbackStore Store { get; }

    /// <summary>Has a task with this callback URL finish.</summary>
    private protected abstract Task AddAsync(string url);

    /// <summary>Deletes the callback's task.</summary>
    private protected abstract Task DeleteAsync(Callback callback);

    /// <summary>Closes the store and opens it again, as another host would.</summary>
    private protected abstract Task RestartAsync();

    [Fact]
    public async Task ClaimDueAsync_SeveralDue_GivesTheOldestFirstAndEachOnce()
    {
        await AddManyAsync("http://a.example/1", "http://b.example/2", "http://c.example/3");

        Assert.Equal(["http://a.example/1", "http://b.example/2"], await ClaimAsync(max: 2));
        Assert.Equal(["http://c.example/3"], await ClaimAsync());
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task ClaimDueAsync_HostThatIsFull_IsPassedOver()
    {
        await AddManyAsync([.. Enumerable.Range(0, 50).Select(i => $"http://a.example/{i}"), "http://A.example:80/50", "http://a.example:81/x", "http://b.example/y"]);

        Assert.Equal(["http://a.example/0", "http://a.example/1", "http://a.example:81/x", "http://b.example/y"], await ClaimAsync());
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task SettleAsync_Retry_WaitsAndCountsTheTry()
    {
        await AddAsync("http://a.example/");
        var callback = Assert.Single(await Store.ClaimDueAsync(1, 1, default));
        Assert.Equal(0, callback.Tries);
        await Store.SettleAsync(callback, new(CallbackState.Waiting, "503", TimeSpan.FromMinutes(5)), default);

        Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(callback with { Tries = 1 }, Assert.Single(await Store.ClaimDueAsync(1, 1, default)));
    }

    [Theory]
    [InlineData(CallbackState.Delivered)]
    [InlineData(CallbackState.Gone)]
    [InlineData(CallbackState.Failed)]
    public async Task SettleAsync_Final_IsCountedAndNeverDueAgain(object state)
    {
        await AddManyAsync("http://a.example/1", "http://a.example/2");
        var claimed = await Store.ClaimDueAsync(1, 1, default);
        await Store.SettleAsync(claimed[0], new((CallbackState)state, "done"), default);
        await RestartAsync();
        Time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(["http://a.example/2"], await ClaimAsync());
        Assert.Equal(
            new CallbackCounts(1, state is CallbackState.Delivered ? 1 : 0, state is CallbackState.Gone ? 1 : 0, state is CallbackState.Failed ? 1 : 0),
            await Store.CountAsync(default));
    }

    [Fact]
    public async Task ClaimDueAsync_AfterARestart_GivesWhatWasClaimedButNotSettled()
    {
        await AddAsync("http://a.example/");
        var before = Assert.Single(await Store.ClaimDueAsync(1, 1, default));
        await RestartAsync();

        Assert.Equal(before, Assert.Single(await Store.ClaimDueAsync(1, 1, default)));
    }

    [Fact]
    public async Task Release_Claimed_IsDueAsBefore()
    {
        await AddAsync("http://a.example/");
        var before = Assert.Single(await Store.ClaimDueAsync(1, 1, default));
        Store.Release(before);

        Assert.Equal(before, Assert.Single(await Store.ClaimDueAsync(1, 1, default)));
    }

    [Fact]
    public async Task SettleAsync_TaskDeletedMeanwhile_DoesNothing()
    {
        await AddAsync("http://a.example/");
        var claimed = Assert.Single(await Store.ClaimDueAsync(1, 1, default));
        await DeleteAsync(claimed);
        await Store.SettleAsync(claimed, new(CallbackState.Waiting, "503"), default);

        Assert.Empty(await ClaimAsync());
        Assert.Equal(default, await Store.CountAsync(default));
    }

    [Fact]
    public async Task WaitForDueAsync_AddedOrDue_Completes()
    {
        var added = Store.WaitForDueAsync(default);
        await AddAsync("http://a.example/");
        await added.WaitAsync(Bound);
        var claimed = Assert.Single(await Store.ClaimDueAsync(1, 1, default));
        await Store.SettleAsync(claimed, new(CallbackState.Waiting, "503", TimeSpan.FromHours(1)), default);

        var due = Store.WaitForDueAsync(default);
        Time.Advance(TimeSpan.FromHours(1));
        await due.WaitAsync(Bound);

        Assert.Single(await ClaimAsync());
    }

    private async Task AddManyAsync(params string[] urls)
    {
        foreach (var url in urls)
        {
            await AddAsync(url);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private async Task<IEnumerable<string>> ClaimAsync(int max = 100) => (await Store.ClaimDueAsync(max, 2, default)).Select(callback => callback.Url);
}
