using CloudFunction.Runtime.Tasks;
using CloudFunction.Runtime.Tasks.Callbacks;
using CloudFunction.Runtime.Tasks.Storage;
using CloudFunction.Runtime.Tests.Tasks.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks.Storage;

public sealed class DueCallbacksTests : IDisposable
{
    private const int Places = CallbackQueue.MaxRunning;
    private const int MaxPerHost = CallbackQueue.MaxPerHost;

    private static readonly Guid Owner = TestOwners.One.Id;

    private readonly FakeTimeProvider _time = new();
    private readonly DueCallbacks _due;
    private int _made;

    public DueCallbacksTests() => _due = new DueCallbacks(Places, _time);

    public void Dispose() => _due.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(10_000)]
    public void Claim_ProjectWithTenThousandDue_TakesHalfAndAnotherIsClaimedAtOnce(int hosts)
    {
        for (var i = 0; i < 10_000; i++)
        {
            _due.Add(Make("greedy", $"host{i % hosts}"), TimeSpan.Zero);
        }

        Assert.Equal(Math.Min(hosts * MaxPerHost, Places / 2), _due.Claim(Owner, Places, MaxPerHost).Count);
        var other = Make("modest", "host0");
        _due.Add(other, TimeSpan.Zero);
        Assert.Equal([other], _due.Claim(Owner, Places, MaxPerHost));
    }

    [Fact]
    public void Claim_AllPlacesTaken_GivesTheNextOneToTheProjectWithNone()
    {
        var projects = Enumerable.Range(0, 6).Select(number => $"p{number}").ToList();
        var claimed = new List<Callback>();
        foreach (var project in projects)
        {
            for (var i = 0; i < 100; i++)
            {
                _due.Add(Make(project, $"host{i}"), TimeSpan.Zero);
            }

            claimed.AddRange(_due.Claim(Owner, Places, MaxPerHost));
        }

        Assert.Equal([8, 4, 2, 1, 1], projects.Take(5).Select(project => claimed.Count(callback => callback.Project == project)));
        Assert.Equal(Places, claimed.Count);

        _due.Settle(claimed[0], Owner, isFailing: true);
        Assert.Equal("p5", Assert.Single(_due.Claim(Owner, Places, MaxPerHost)).Project);
    }

    // More projects than there are places, all with a receiver that fails.
    [Fact]
    public void Claim_EveryProjectsReceiversFail_LeavesRoomForThoseThatAnswer()
    {
        for (var i = 0; i < 10 * Places; i++)
        {
            _due.Add(Make($"p{i % (2 * Places)}", $"bad{i}") with { Tries = 1 }, TimeSpan.Zero);
        }

        Assert.Equal(Places / 2, _due.Claim(Owner, Places, MaxPerHost).Count);
        for (var i = 0; i < Places / 2; i++)
        {
            _due.Add(Make($"p{Places + i}", "good"), TimeSpan.Zero);
        }

        var claimed = _due.Claim(Owner, Places, MaxPerHost);
        Assert.Equal(Places / 2, claimed.Count);
        Assert.All(claimed, callback => Assert.Contains("good", callback.Url, StringComparison.Ordinal));
    }

    [Fact]
    public void Claim_OneHost_KeepsTheOrderWhateverIsReleased()
    {
        var all = Enumerable.Range(0, 100).Select(_ => Make("shop", "host")).ToList();
        all.ForEach(callback => _due.Add(callback, TimeSpan.Zero));

        var order = new List<Callback>();
        while (_due.Claim(Owner, Places, MaxPerHost) is { Count: > 0 } claimed)
        {
            _due.Settle(claimed[0], Owner, isFailing: false);
            order.Add(claimed[0]);
            foreach (var callback in claimed.Skip(1))
            {
                _due.Release(callback, Owner);
            }
        }

        Assert.Equal(all, order);
    }

    // Failing hosts, of which there are always more due than fit, and a good one that is never idle: each gets on.
    [Fact]
    public void Claim_BusyProject_TriesThoseThatFailedToo()
    {
        for (var i = 0; i < 20; i++)
        {
            _due.Add(Make("shop", $"bad{i}") with { Tries = 1 }, TimeSpan.Zero);
        }

        var toBad = new HashSet<string>();
        for (var round = 0; round < 100; round++)
        {
            for (var i = 0; i < Places; i++)
            {
                _due.Add(Make("shop", $"good{i}"), TimeSpan.Zero);
            }

            foreach (var callback in _due.Claim(Owner, Places, MaxPerHost))
            {
                var isBad = callback.Url.Contains("bad", StringComparison.Ordinal);
                _due.Settle(callback, Owner, isBad);
                if (isBad)
                {
                    toBad.Add(callback.Url);
                }
            }
        }

        Assert.Equal(20, toBad.Count);
    }

    [Fact]
    public async Task Claim_DueLater_IsReportedAndClaimedOnceItsTimeHasCome()
    {
        var late = Make("shop", "a");
        var early = Make("shop", "b");
        _due.Add(late, TimeSpan.FromHours(2));
        _due.Add(early, TimeSpan.FromHours(1));
        Assert.Empty(_due.Claim(Owner, Places, MaxPerHost));

        foreach (var callback in new[] { early, late })
        {
            var reported = _due.WaitAsync(default);
            Assert.False(reported.IsCompleted);
            _time.Advance(TimeSpan.FromHours(1));
            await reported.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.Equal([callback], _due.Claim(Owner, Places, MaxPerHost));
        }
    }

    // The store in memory counts anew for each claim; both claim the same, in the same order, whatever happened before.
    [Theory]
    [InlineData(1, 1, 3)]
    [InlineData(2, 2, 12)]
    [InlineData(3, 4, 4)]
    [InlineData(4, 7, 9)]
    [InlineData(5, 30, 2)]
    [InlineData(6, 3, 200)]
    public async Task Claim_AnySequence_KeepsToTheBoundsAndLosesNothing(int seed, int projects, int hosts)
    {
        var random = new Random(seed);
        var model = new MemoryCallbackStore(_time);
        var added = 0;
        var running = new List<Callback>();
        var final = new HashSet<string>();
        for (var step = 0; step < 3000; step++)
        {
            switch (random.Next(10))
            {
                case < 3:
                    // The first project adds as many as all others together.
                    var project = random.Next(2) == 0 ? 0 : random.Next(projects);
                    _due.Add(model.Add($"http://host{random.Next(hosts)}.example/", $"p{project}"), TimeSpan.Zero);
                    added++;
                    break;
                case < 6:
                    await ClaimAsync(random.Next(1, Places - running.Count + 1), random.Next(1, 4));
                    break;
                case < 9 when running.Count > 0:
                    var ended = running[random.Next(running.Count)];
                    var isBadHost = ended.Url[ended.Url.IndexOf('.', StringComparison.Ordinal) - 1] % 2 == 0; // By the last digit of its number.
                    await SettleAsync(ended, isBadHost && random.Next(4) > 0 ? CallbackState.Waiting : (CallbackState)random.Next(4));
                    break;
                case 9 when running.Count > 0 && random.Next(3) == 0:
                    var released = running[random.Next(running.Count)];
                    running.Remove(released);
                    _due.Release(released, Owner);
                    await model.ReleaseAsync(released, TestOwners.One, default);
                    break;
                default:
                    _time.Advance(TimeSpan.FromSeconds(random.Next(30)));
                    break;
            }
        }

        while (final.Count < added)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            await ClaimAsync(Places, MaxPerHost);
            Assert.NotEmpty(running);
            foreach (var callback in running.ToList())
            {
                await SettleAsync(callback, CallbackState.Delivered);
            }
        }

        Assert.Empty(_due.Claim(Owner, Places, MaxPerHost));

        async Task ClaimAsync(int max, int maxPerHost)
        {
            if (running.Count == Places)
            {
                return;
            }

            var claimed = _due.Claim(Owner, max, maxPerHost);
            Assert.Equal(await model.ClaimDueAsync(TestOwners.One, max, maxPerHost, default), claimed);
            Assert.InRange(claimed.Count, 0, max);
            Assert.DoesNotContain(claimed, callback => final.Contains(callback.Id) || running.Contains(callback));
            running.AddRange(claimed);
            Assert.InRange(running.Count, 0, Places);
            Assert.All(claimed.GroupBy(callback => (callback.Project, callback.Url)), host =>
                Assert.InRange(running.Count(callback => (callback.Project, callback.Url) == host.Key), 1, maxPerHost));
            Assert.All(running.CountBy(callback => callback.Project), project => Assert.InRange(project.Value, 1, Places / 2));
        }

        async Task SettleAsync(Callback callback, CallbackState state)
        {
            var delay = TimeSpan.FromSeconds(state is CallbackState.Waiting ? random.Next(60) : 0);
            running.Remove(callback);
            await model.SettleAsync(callback, TestOwners.One, new(state, "tried", delay), default);
            _due.Settle(callback, Owner, state is CallbackState.Waiting or CallbackState.Failed);
            if (state is CallbackState.Waiting)
            {
                _due.Add(callback with { Tries = callback.Tries + 1 }, delay);
            }
            else
            {
                Assert.True(final.Add(callback.Id));
            }
        }
    }

    private Callback Make(string project, string host) => new($"cb-{++_made}", new TaskId(_made, 0), project, $"http://{host}.example/", 0);
}
