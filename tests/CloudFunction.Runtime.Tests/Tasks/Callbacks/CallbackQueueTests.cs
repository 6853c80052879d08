using CloudFunction.Runtime.Tasks.Callbacks;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Tasks.Callbacks;

public sealed class CallbackQueueTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger<CallbackQueue> _logger = new();
    private readonly MemoryCallbackStore _store;

    public CallbackQueueTests() => _store = new MemoryCallbackStore(_time);

    [Fact]
    public async Task Queue_ReceiverThatFails_IsTriedEightTimesAndGivenUp()
    {
        var sender = Answering(CallbackVerdict.Retry);
        await using var queue = Start(sender);
        _store.Add("http://a.example/?token=secret");

        for (var attempt = 1; attempt <= CallbackBackoff.MaxTries; attempt++)
        {
            await UntilAsync(
                () => sender.Sent.Count == attempt && queue.Running == 0,
                () => $"{sender.Sent.Count} sent, {queue.Running} running at try {attempt}");
            _time.Advance(TimeSpan.FromDays(1));
        }

        Assert.Equal(new CallbackCounts(0, 0, 0, 1), _store.Count());
        Assert.Equal(Enumerable.Range(0, CallbackBackoff.MaxTries), sender.Sent.Select(callback => callback.Tries));
        Assert.Single(sender.Sent.Select(callback => callback.Id).Distinct());
        Assert.Contains(Messages(), message => message.StartsWith("Warning: a.example will not be notified", StringComparison.Ordinal));
        Assert.DoesNotContain(Messages(), message => message.Contains("secret", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(CallbackVerdict.Delivered, 1, 0, 0)]
    [InlineData(CallbackVerdict.Gone, 0, 1, 0)]
    [InlineData(CallbackVerdict.Rejected, 0, 0, 1)]
    public async Task Queue_FinalVerdict_IsNotTriedAgain(object verdict, int delivered, int gone, int failed)
    {
        var sender = Answering((CallbackVerdict)verdict);
        await using var queue = Start(sender);
        _store.Add("http://a.example/");
        await UntilAsync(() => sender.Sent.Count == 1 && queue.Running == 0, () => $"{sender.Sent.Count} sent, {queue.Running} running");
        _time.Advance(TimeSpan.FromDays(2));

        Assert.Equal(new CallbackCounts(0, delivered, gone, failed), _store.Count());
    }

    [Fact]
    public async Task Queue_HostThatHangs_LeavesRoomForOthers()
    {
        var release = new TaskCompletionSource();
        var sender = new ScriptedSender(async (callback, token) =>
        {
            if (callback.Url.Contains("slow", StringComparison.Ordinal))
            {
                await release.Task.WaitAsync(token);
            }

            return new(CallbackVerdict.Delivered, "200");
        });
        for (var i = 0; i < 100; i++)
        {
            _store.Add("http://slow.example/");
        }

        await using var queue = Start(sender);
        for (var i = 0; i < 40; i++)
        {
            _store.Add($"http://host{i % 10}.example/");
        }

        await UntilDeliveredAsync(40);
        Assert.Equal(CallbackQueue.MaxPerHost, sender.Sent.Count(callback => callback.Url.Contains("slow", StringComparison.Ordinal)));
        release.SetResult();
        await UntilDeliveredAsync(140);
    }

    [Fact]
    public async Task Queue_ManyHosts_RunsNoMoreThanItsBound()
    {
        var release = new TaskCompletionSource();
        var sender = new ScriptedSender(async (_, token) =>
        {
            await release.Task.WaitAsync(token);
            return new(CallbackVerdict.Delivered, "200");
        });
        for (var i = 0; i < 50; i++)
        {
            _store.Add($"http://host{i}.example/", $"p{i}");
        }

        await using var queue = Start(sender);
        await UntilAsync(() => sender.Sent.Count == CallbackQueue.MaxRunning, () => $"{sender.Sent.Count} sent");
        Assert.Equal(CallbackQueue.MaxRunning, queue.Running);
        release.SetResult();
        await UntilDeliveredAsync(50);
    }

    // No clock moves before the other project's has gone out: it waits for none of those that hang.
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public async Task Queue_ProjectWithManyHostsThatHang_KeepsNoOtherProjectOut(int hosts)
    {
        var sender = new ScriptedSender(async (callback, token) =>
        {
            if (callback.Project != "greedy")
            {
                return new(CallbackVerdict.Delivered, "200");
            }

            await Task.Delay(TimeSpan.FromSeconds(30), _time, token);
            return new(CallbackVerdict.Retry, "the receiver did not answer in time");
        });
        for (var i = 0; i < 10_000; i++)
        {
            _store.Add($"http://host{i % hosts}.example/", "greedy");
        }

        await using var queue = Start(sender);
        await UntilAsync(() => queue.Running == CallbackQueue.MaxRunning / 2, () => $"{queue.Running} running");
        for (var round = 1; round <= 3; round++)
        {
            _store.Add("http://host0.example/", "modest");
            await UntilDeliveredAsync(round);
            Assert.InRange(queue.Running, 0, (CallbackQueue.MaxRunning / 2) + 1); // The one that was delivered may be about to end.

            var before = sender.Sent.Count;
            await UntilAsync(
                () =>
                {
                    _time.Advance(TimeSpan.FromSeconds(10));
                    return sender.Sent.Count >= before + CallbackQueue.MaxRunning;
                },
                () => $"{sender.Sent.Count} sent, {queue.Running} running");
        }
    }

    [Fact]
    public async Task Queue_HostThatFailed_IsTriedOnceAtATimeUntilItAnswers()
    {
        var release = new TaskCompletionSource();
        var sender = new ScriptedSender(async (callback, token) =>
        {
            if (callback.Task.Key == 1 && callback.Tries == 0)
            {
                return new(CallbackVerdict.Retry, "503");
            }

            if (callback.Url.Contains("bad", StringComparison.Ordinal))
            {
                await release.Task.WaitAsync(token);
            }

            return new(CallbackVerdict.Delivered, "200");
        });
        await using var queue = Start(sender);
        _store.Add("http://bad.example/");
        await UntilAsync(() => sender.Sent.Count == 1 && queue.Running == 0, () => $"{sender.Sent.Count} sent, {queue.Running} running");

        for (var i = 0; i < 5; i++)
        {
            _store.Add("http://bad.example/");
        }

        _store.Add("http://good.example/"); // Once it is delivered, the others have been looked at.
        await UntilDeliveredAsync(1);
        await UntilAsync(() => queue.Running == 1 && sender.Sent.Count == 3, () => $"{sender.Sent.Count} sent, {queue.Running} running");

        release.SetResult();
        await UntilDeliveredAsync(6);
    }

    [Fact]
    public async Task Queue_StoreThatIsFull_SettlesLaterWithoutSendingAgain()
    {
        _store.FailuresToCome = 3;
        var sender = Answering(CallbackVerdict.Delivered);
        await using var queue = Start(sender);
        _store.Add("http://a.example/");

        await UntilAsync(
            () =>
            {
                _time.Advance(TimeSpan.FromMinutes(1));
                return queue.Running == 0 && !sender.Sent.IsEmpty;
            },
            () => $"{sender.Sent.Count} sent, {queue.Running} running");

        Assert.Single(sender.Sent);
        Assert.Equal(1, _store.Count().Delivered);
        Assert.Contains(Messages(), message => message.Contains("The disk is full.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_SenderThatThrows_CountsATryAndGoesOn()
    {
        var sender = new ScriptedSender((callback, _) => callback.Url.Contains("bad", StringComparison.Ordinal)
            ? throw new InvalidOperationException("unexpected")
            : Task.FromResult(new CallbackOutcome(CallbackVerdict.Delivered, "200")));
        await using var queue = Start(sender);
        _store.Add("http://bad.example/");
        _store.Add("http://good.example/");

        await UntilDeliveredAsync(1);
        await UntilAsync(() => queue.Running == 0 && sender.Sent.Count == 2, () => $"{queue.Running} running");
        Assert.Equal(new CallbackCounts(1, 1, 0, 0), _store.Count());
        Assert.Contains(Messages(), message => message.StartsWith("Error: Notifying bad.example", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Queue_SettlingThatThrows_SendsOnceAndGivesThePlaceBack()
    {
        _store.IsBroken = true;
        var sender = Answering(CallbackVerdict.Delivered);
        await using var queue = Start(sender);
        for (var i = 0; i < 2 * CallbackQueue.MaxRunning; i++)
        {
            _store.Add($"http://host{i}.example/");
        }

        await UntilAsync(
            () => sender.Sent.Count == 2 * CallbackQueue.MaxRunning && queue.Running == 0,
            () => $"{sender.Sent.Count} sent, {queue.Running} running");
        _store.IsBroken = false;
        _store.Add("http://host0.example/");
        await UntilDeliveredAsync(1);
        Assert.Equal((2 * CallbackQueue.MaxRunning) + 1, sender.Sent.Count);
    }

    [Fact]
    public async Task StopAsync_TryThatHangs_IsCutAndTriedByTheNextHostWithTheSameNumber()
    {
        var hanging = new ScriptedSender(async (_, token) =>
        {
            await Task.Delay(Timeout.Infinite, token);
            return new(CallbackVerdict.Delivered, "200");
        });
        _store.Add("http://a.example/");
        await using (var first = Start(hanging))
        {
            await UntilAsync(() => hanging.Sent.Count == 1, () => $"{hanging.Sent.Count} sent");
            await first.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Bound);
        }

        _store.Restart();
        var sender = Answering(CallbackVerdict.Delivered);
        await using var second = Start(sender);
        await UntilDeliveredAsync(1);
        Assert.Equal(Assert.Single(hanging.Sent), Assert.Single(sender.Sent));
    }

    [Fact]
    public async Task StopAsync_TryThatRuns_MayEnd()
    {
        var release = new TaskCompletionSource();
        var sender = new ScriptedSender(async (_, token) =>
        {
            await release.Task.WaitAsync(token);
            return new(CallbackVerdict.Delivered, "200");
        });
        await using var queue = Start(sender);
        _store.Add("http://a.example/");
        await UntilAsync(() => sender.Sent.Count == 1, () => $"{sender.Sent.Count} sent");

        var stopping = queue.StopAsync(default);
        release.SetResult();
        await stopping.WaitAsync(Bound);

        Assert.Equal(1, _store.Count().Delivered);
    }

    private static ScriptedSender Answering(CallbackVerdict verdict) => new((_, _) => Task.FromResult(new CallbackOutcome(verdict, "answered")));

    private static async Task UntilAsync(Func<bool> condition, Func<string> state)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (!condition())
        {
            Assert.False(bound.IsCancellationRequested, state());
            await Task.Yield();
        }
    }

    private async Task UntilDeliveredAsync(int count)
    {
        using var bound = new CancellationTokenSource(Bound);
        while (_store.Count() is var counts && counts.Delivered != count)
        {
            Assert.False(bound.IsCancellationRequested, counts.ToString());
            await Task.Yield();
        }
    }

    private List<string> Messages()
    {
        lock (_logger.Messages)
        {
            return [.. _logger.Messages];
        }
    }

    private CallbackQueue Start(ScriptedSender sender)
    {
        var queue = new CallbackQueue(_store, TestOwners.One, sender, sender, _logger, _time);
        queue.Start();
        return queue;
    }
}
