using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using Microsoft.Extensions.Time.Testing;

namespace CloudFunction.Runtime.Tests.Invocations;

public sealed class ConcurrencyGateTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly DeadlineSweep _sweep;
    private readonly QueueBudget _queue = new(3);

    public ConcurrencyGateTests() => _sweep = new DeadlineSweep(_time);

    public void Dispose() => _sweep.Dispose();

    [Fact]
    public async Task Enter_BeyondTheLimit_WaitsInOrder()
    {
        var gate = Make(2);
        Assert.True(gate.TryEnter());
        Assert.Null(await gate.EnterAsync(In(10), default));
        Assert.False(gate.TryEnter());
        var waiting = Enumerable.Range(0, 3).Select(_ => gate.EnterAsync(In(10), default).AsTask()).ToArray();
        foreach (var next in waiting)
        {
            Assert.Equal(Array.IndexOf(waiting, next), waiting.Count(w => w.IsCompleted));
            gate.Exit();
            Assert.Null(await next.Soon("the next in the queue"));
        }

        Assert.Equal((2, 0, 0), (gate.Running, gate.Waiting, _queue.Waiting));
    }

    [Fact]
    public async Task Enter_QueueFull_IsRejectedAtOnce()
    {
        var gate = Make(1);
        gate.TryEnter();
        var waiting = Enumerable.Range(0, 3).Select(_ => gate.EnterAsync(In(10), default).AsTask()).ToArray();
        Assert.Equal(RejectionReason.QueueFull, (await gate.EnterAsync(In(10), default))!.Reason);
        gate.Exit();
        await waiting[0].Soon("the first");
        Assert.Equal(2, _queue.Waiting);
    }

    [Fact]
    public async Task Sweep_PastADeadline_RejectsThatWaitOnly()
    {
        var gate = Make(1);
        gate.TryEnter();
        var (longer, shorter) = (gate.EnterAsync(In(20), default).AsTask(), gate.EnterAsync(In(10), default).AsTask());
        gate.EndOverdue(In(9));
        Assert.False(shorter.IsCompleted);
        gate.EndOverdue(In(10));
        Assert.Equal(RejectionReason.WaitTooLong, (await shorter.Soon("the shorter wait"))!.Reason);
        Assert.Equal(1, gate.Waiting);
        gate.Exit();
        Assert.Null(await longer.Soon("the longer wait"));
        Assert.False(gate.EndOverdue(In(100)));
    }

    [Theory]
    [InlineData("hold", "Starting")]
    [InlineData("hold close hold", "Starting")]
    [InlineData("open close hold", "Starting")]
    [InlineData("open hold", "WaitTooLong")]
    [InlineData("hold open hold hold", "WaitTooLong")]
    [InlineData("close open hold", "WaitTooLong")]
    [InlineData("open close open hold", "WaitTooLong")]
    public async Task Sweep_WhileHeld_SaysWhetherTheProjectHasServedSinceItWasClosed(string changes, string reason)
    {
        var gate = Make(1);
        foreach (var change in changes.Split(' '))
        {
            Action act = change switch
            {
                "open" => gate.Open,
                "close" => () => gate.Close(new Rejection(RejectionReason.ProjectStopped, "stopped")),
                _ => gate.Hold,
            };
            act();
        }

        var waiting = gate.EnterAsync(In(10), default).AsTask();
        gate.EndOverdue(In(10));

        var rejection = (await waiting.Soon("the wait"))!;
        Assert.Equal(reason, rejection.Reason.ToString());
        Assert.DoesNotContain("calls run at once", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_Cancelled_ThrowsAndTheNextTakesThePlace()
    {
        var gate = Make(1);
        gate.TryEnter();
        using var gone = new CancellationTokenSource();
        var (first, second) = (gate.EnterAsync(In(10), gone.Token).AsTask(), gate.EnterAsync(In(10), default).AsTask());
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.Soon("the cancelled wait"));
        gate.Exit();
        Assert.Null(await second.Soon("the next"));
        gate.Exit();
        Assert.Equal((0, 0, 0), (gate.Running, gate.Waiting, _queue.Waiting));
    }

    [Fact]
    public async Task Hold_ThenOpen_LetsInUpToTheLimit()
    {
        var wanted = 0;
        var gate = new ConcurrencyGate(2, "MAX_CONCURRENT", _queue, _sweep, () => wanted++);
        gate.Hold();
        Assert.False(gate.TryEnter());
        var waiting = Enumerable.Range(0, 3).Select(_ => gate.EnterAsync(In(10), default).AsTask()).ToArray();
        Assert.Equal(3, wanted);
        Assert.All(waiting, w => Assert.False(w.IsCompleted));
        gate.Open();
        await Task.WhenAll(waiting[0], waiting[1]).Soon("the first two");
        Assert.False(waiting[2].IsCompleted);
        Assert.Equal(2, gate.Running);
    }

    [Fact]
    public async Task Close_RejectsWhoWaitsAndWhoComes_UntilItOpens()
    {
        var gate = Make(1);
        gate.TryEnter();
        var waiting = gate.EnterAsync(In(10), default).AsTask();
        gate.Close(new Rejection(RejectionReason.ProjectStopped, "stopped"));
        Assert.Equal("stopped", (await waiting.Soon("who waits"))!.Message);
        Assert.Equal("stopped", (await gate.EnterAsync(In(10), default))!.Message);
        gate.Exit();
        Assert.False(gate.TryEnter());
        gate.Open();
        Assert.True(gate.TryEnter());
    }

    // Who asks to be notified is notified of a place that nobody waits for, once, and of none while there is none.
    [Fact]
    public async Task TryEnter_AsksToBeNotified_IsNotifiedOnceOfAFreePlace()
    {
        var (first, last) = (0, 0);
        var gate = Make(1);
        Assert.True(gate.TryEnter(() => first++));
        Assert.False(gate.TryEnter(() => first++));
        Assert.False(gate.TryEnter(() => last++));
        var waiting = gate.EnterAsync(In(10), default).AsTask();
        gate.Exit();
        Assert.Null(await waiting.Soon("the place is its"));
        Assert.Equal((0, 0), (first, last)); // Who waits comes first.
        gate.Hold();
        gate.Exit();
        Assert.Equal((0, 0), (first, last));

        gate.Open();
        Assert.Equal((0, 1), (first, last));
        Assert.True(gate.TryEnter());
        gate.Exit();
        Assert.Equal((0, 1), (first, last));
    }

    [Fact]
    public async Task Enter_GateIsHeldOrFull_ReportsAWaitForAWorkerOnlyWhileItIsHeld()
    {
        var wanted = 0;
        var gate = new ConcurrencyGate(1, "MAX_CONCURRENT", _queue, _sweep, () => wanted++);
        Assert.True(gate.TryEnter());
        Assert.False(gate.TryEnter(() => { }));
        var waiting = gate.EnterAsync(In(10), default).AsTask();
        Assert.Equal(0, wanted);

        gate.Hold();
        Assert.False(gate.TryEnter(() => { }));
        Assert.Equal(1, wanted);
        Assert.False(gate.TryEnter()); // It asks for nothing.
        Assert.Equal(1, wanted);
        gate.Exit(); // A place, but no worker.
        Assert.Equal((false, 1, 0), (waiting.IsCompleted, gate.Waiting, gate.Running));
        gate.Close(new Rejection(RejectionReason.ProjectStopped, "stopped"));
        Assert.NotNull(await waiting.Soon("it is rejected"));
    }

    [Fact]
    public async Task Enter_NobodySweepsByHand_IsRejectedWhenItsTimeIsOver()
    {
        var gate = Make(1);
        var sweeps = new Sweeps();
        _sweep.Add(sweeps);
        gate.TryEnter();
        var waiting = gate.EnterAsync(In(10), default).AsTask();
        Patience.Until(() => sweeps.Count > 2, () => $"{sweeps.Count} sweeps"); // As long as somebody waits.

        _time.Advance(TimeSpan.FromSeconds(10));

        var rejection = (await waiting.Soon("its time is over"))!;
        Assert.Equal(RejectionReason.WaitTooLong, rejection.Reason);
        Assert.Contains("1 calls run at once (MAX_CONCURRENT)", rejection.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Enter_InAnyMixOfExitsCancelsDeadlinesAndHolds_NoPlaceIsEverLost()
    {
        const int Limit = 3;
        var queue = new QueueBudget(20);
        var gate = new ConcurrencyGate(Limit, "MAX_CONCURRENT", queue, _sweep);
        var inside = 0;
        var (entered, rejected, cancelled) = (0, 0, 0);
        using var over = new CancellationTokenSource();
        void Disturb()
        {
            var random = new Random(1);
            while (!over.IsCancellationRequested)
            {
                switch (random.Next(5))
                {
                    case 0:
                        gate.Hold();
                        break;
                    case 1:
                        gate.EndOverdue(_time.GetTimestamp());
                        break;
                    case 2:
                        _time.Advance(TimeSpan.FromMilliseconds(random.Next(3)));
                        break;
                    default:
                        gate.Open();
                        break;
                }

                Thread.Yield();
            }
        }

        bool HadAll() => Volatile.Read(ref entered) > 0 && Volatile.Read(ref rejected) > 0 && Volatile.Read(ref cancelled) > 0;

        var disturbing = Task.Factory.StartNew(Disturb, TaskCreationOptions.LongRunning);
        await Task.WhenAll(Enumerable.Range(0, 12).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 1500 || !HadAll(); i++) // Further, where threads ran so much one after another that nobody waited.
            {
                using var gone = new CancellationTokenSource();
                switch (random.Next(100))
                {
                    case 0:
                        gate.Close(new Rejection(RejectionReason.Draining, ""));
                        break;
                    case < 10:
                        gate.Open();
                        break;
                }

                try
                {
                    if (!gate.TryEnter())
                    {
                        var entering = gate.EnterAsync(_time.GetTimestamp() + random.Next(100_000), gone.Token);
                        if (random.Next(3) == 0)
                        {
                            await gone.CancelAsync();
                        }

                        if (await entering is not null)
                        {
                            Interlocked.Increment(ref rejected);
                            continue;
                        }
                    }

                    Interlocked.Increment(ref entered);
                    Assert.InRange(Interlocked.Increment(ref inside), 1, Limit);
                    await Task.Yield();
                    Interlocked.Decrement(ref inside);
                    gate.Exit();
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref cancelled);
                }
            }
        }))).Soon("the callers");
        await over.CancelAsync();
        await disturbing.Soon("the disturber");
        gate.Open();
        Assert.Equal((0, 0, 0), (gate.Running, gate.Waiting, queue.Waiting));
        Assert.All(Enumerable.Range(0, Limit), _ => Assert.True(gate.TryEnter()));
        Assert.False(gate.TryEnter());
    }

    private ConcurrencyGate Make(int limit) => new(limit, "MAX_CONCURRENT", _queue, _sweep);

    private long In(int seconds) => _time.GetTimestamp() + (seconds * _time.TimestampFrequency);

    private sealed class Sweeps : IDeadlineHolder
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool EndOverdue(long now)
        {
            Interlocked.Increment(ref _count);
            return false;
        }
    }
}
