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

    /// <summary>Has a task of this project with this callback URL finish.</summary>
    private protected abstract Task AddAsync(string url, string project);

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
    public async Task ClaimDueAsync_HostThatIsFull_IsSkipped()
    {
        await AddManyAsync([
            .. Enumerable.Range(0, 50).Select(i => $"http://a.example/{i}"),
            "http://A.example:80/50",
            "http://a.example:81/x",
            "http://b.example/y",
        ]);

        Assert.Equal(["http://a.example/0", "http://a.example/1", "http://a.example:81/x", "http://b.example/y"], await ClaimAsync());
        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task ClaimDueAsync_ProjectWithManyHosts_LeavesRoomForOthersAndTheyComeFirst()
    {
        await AddManyOfAsync("greedy", [.. Enumerable.Range(0, 30).Select(i => $"http://a{i}.example/")]);
        await AddManyOfAsync("modest", "http://b.example/1", "http://b.example/2");

        var claimed = await Store.ClaimDueAsync(TestOwners.One, CallbackQueue.MaxRunning, 2, default);
        Assert.Equal(["greedy", "modest", "greedy", "modest", "greedy"], claimed.Take(5).Select(callback => callback.Project));
        Assert.Equal(7, claimed.Count(callback => callback.Project == "greedy")); // Then 7 of 16 are free.

        await AddManyOfAsync("late", "http://b.example/3"); // Its host is full for another project alone.
        Assert.Equal(["http://b.example/3"], await ClaimAsync());
    }

    [Fact]
    public async Task ClaimDueAsync_AfterARestart_KnowsTheProjects()
    {
        await AddManyOfAsync("greedy", [.. Enumerable.Range(0, 30).Select(i => $"http://a{i}.example/")]);
        await AddManyOfAsync("modest", "http://b.example/");
        await RestartAsync();

        var claimed = await Store.ClaimDueAsync(TestOwners.One, CallbackQueue.MaxRunning, 2, default);
        Assert.Equal(["greedy", "modest"], claimed.Take(2).Select(callback => callback.Project));
        Assert.Equal(CallbackQueue.MaxRunning / 2, claimed.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClaimDueAsync_HostsThatFailed_GoOneByOneBehindTheOthersAndLeavePlaces(bool isRestarted)
    {
        for (var i = 0; i < 10; i++)
        {
            await AddManyOfAsync("shop", $"http://bad{i}.example/1");
            var failed = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 2, default));
            await Store.SettleAsync(failed, TestOwners.One, new(CallbackState.Waiting, "503", TimeSpan.FromMinutes(1)), default);
        }

        await AddManyAsync([.. Enumerable.Range(0, 10).Select(i => $"http://bad{i}.example/2")]);
        Time.Advance(TimeSpan.FromMinutes(1));
        await AddManyAsync("http://good.example/1");
        if (isRestarted)
        {
            await RestartAsync();
        }

        // The first that failed in its turn, then the good one.
        var claimed = await ClaimAsync();
        Assert.Equal(["http://bad0.example/2", "http://good.example/1"], claimed.Take(2));
        Assert.Equal([.. Enumerable.Range(1, 3).Select(i => $"http://bad{i}.example/2")], claimed.Skip(2));
        Assert.Empty(await ClaimAsync());

        await AddManyAsync("http://good.example/2");
        Assert.Equal(["http://good.example/2"], await ClaimAsync());
    }

    [Fact]
    public async Task ClaimDueAsync_HostThatAnswersAgain_HasAllItsPlaces()
    {
        await AddManyAsync([.. Enumerable.Range(0, 5).Select(i => $"http://a.example/{i}")]);
        var first = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 2, default));
        await Store.SettleAsync(first, TestOwners.One, new(CallbackState.Waiting, "503", TimeSpan.FromHours(1)), default);

        var second = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 10, 2, default));
        Assert.Empty(await ClaimAsync());
        await Store.SettleAsync(second, TestOwners.One, new(CallbackState.Delivered, "200"), default);

        Assert.Equal(["http://a.example/2", "http://a.example/3"], await ClaimAsync());
    }

    [Fact]
    public async Task Abandon_Claimed_GivesItsPlaceBackAndIsDueAfterARestart()
    {
        await AddManyAsync("http://a.example/1", "http://a.example/2");
        await Store.AbandonAsync(Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 10, 1, default)), TestOwners.One, default);

        Assert.Equal(["http://a.example/2"], await ClaimAsync());
        Assert.Empty(await ClaimAsync());
        await RestartAsync();
        Assert.Equal(["http://a.example/1", "http://a.example/2"], await ClaimAsync());
    }

    [Fact]
    public async Task SettleAsync_Retry_WaitsAndCountsTheTry()
    {
        await AddAsync("http://a.example/");
        var callback = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default));
        Assert.Equal(0, callback.Tries);
        await Store.SettleAsync(callback, TestOwners.One, new(CallbackState.Waiting, "503", TimeSpan.FromMinutes(5)), default);

        Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Empty(await ClaimAsync());
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(callback with { Tries = 1 }, Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default)));
    }

    [Theory]
    [InlineData(CallbackState.Delivered)]
    [InlineData(CallbackState.Gone)]
    [InlineData(CallbackState.Failed)]
    public async Task SettleAsync_Final_IsNeverDueAgain(object state)
    {
        await AddManyAsync("http://a.example/1", "http://a.example/2");
        var claimed = await Store.ClaimDueAsync(TestOwners.One, 1, 1, default);
        await Store.SettleAsync(claimed[0], TestOwners.One, new((CallbackState)state, "done"), default);
        await RestartAsync();
        Time.Advance(TimeSpan.FromDays(30));

        Assert.Equal(["http://a.example/2"], await ClaimAsync());
    }

    [Fact]
    public async Task ClaimDueAsync_AfterARestart_GivesWhatWasClaimedButNotSettled()
    {
        await AddAsync("http://a.example/");
        var before = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default));
        await RestartAsync();

        Assert.Equal(before, Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default)));
    }

    [Fact]
    public async Task Release_Claimed_IsDueAsBefore()
    {
        await AddAsync("http://a.example/");
        var before = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default));
        await Store.ReleaseAsync(before, TestOwners.One, default);

        Assert.Equal(before, Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default)));
    }

    [Fact]
    public async Task SettleAsync_TaskDeletedMeanwhile_DoesNothing()
    {
        await AddAsync("http://a.example/");
        var claimed = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default));
        await DeleteAsync(claimed);
        await Store.SettleAsync(claimed, TestOwners.One, new(CallbackState.Waiting, "503"), default);

        await RestartAsync();

        Assert.Empty(await ClaimAsync());
    }

    [Fact]
    public async Task WaitForDueAsync_AddedOrDue_Completes()
    {
        var added = Store.WaitForDueAsync(default);
        await AddAsync("http://a.example/");
        await added.WaitAsync(Bound);
        var claimed = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 1, default));
        await Store.SettleAsync(claimed, TestOwners.One, new(CallbackState.Waiting, "503", TimeSpan.FromHours(1)), default);

        var due = Store.WaitForDueAsync(default);
        Time.Advance(TimeSpan.FromHours(1));
        await due.WaitAsync(Bound);

        Assert.Single(await ClaimAsync());
    }

    [Fact]
    public async Task RenewAsync_OthersLeaseIsOver_FreesWhatItClaimedAndItsLateWritesChangeNothing()
    {
        await AddManyAsync("http://a.example/1", "http://b.example/2");
        var lost = Assert.Single(await Store.ClaimDueAsync(TestOwners.One, 1, 2, default));
        var kept = Assert.Single(await Store.ClaimDueAsync(TestOwners.Two, 1, 2, default));
        Time.Advance(TestOwners.One.Lease / 2);
        Assert.True(await Store.RenewAsync(TestOwners.Two, default));
        Time.Advance(TestOwners.One.Lease / 2);
        var due = Store.WaitForDueAsync(default);
        Assert.True(await Store.RenewAsync(TestOwners.Two, default));

        await due.WaitAsync(Bound);
        Assert.Equal(lost, Assert.Single(await Store.ClaimDueAsync(TestOwners.Two, 10, 2, default)));
        await Store.SettleAsync(lost, TestOwners.One, new(CallbackState.Delivered, "late"), default);
        await Store.ReleaseAsync(lost, TestOwners.One, default);
        await Store.AbandonAsync(lost, TestOwners.One, default);
        Assert.False(await Store.RenewAsync(TestOwners.One, default));
        Assert.True(await Store.RenewAsync(TestOwners.One, default));
        Assert.Empty(await ClaimAsync());
        await Store.SettleAsync(kept, TestOwners.Two, new(CallbackState.Delivered, "200"), default);
        await RestartAsync();
        Assert.Equal([lost.Url], await ClaimAsync());
    }

    private Task AddAsync(string url) => AddAsync(url, "shop");

    private Task AddManyAsync(params string[] urls) => AddManyOfAsync("shop", urls);

    private async Task AddManyOfAsync(string project, params string[] urls)
    {
        foreach (var url in urls)
        {
            await AddAsync(url, project);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    private async Task<IEnumerable<string>> ClaimAsync(int max = 100) =>
        (await Store.ClaimDueAsync(TestOwners.One, max, 2, default)).Select(callback => callback.Url);
}
