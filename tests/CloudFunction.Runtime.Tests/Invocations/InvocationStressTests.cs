using System.Text;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tests.Invocations;

public class InvocationStressTests
{
    [Fact]
    public async Task Invoke_WithTimeoutsCancelsAndLateAnswers_EveryCallerGetsOnlyItsOwn()
    {
        using var router = new RouterUnderTest(limit: 12, maxQueue: 1000, time: TimeProvider.System);
        var workers = new[] { router.AddWorker(), router.AddWorker() };
        foreach (var worker in workers)
        {
            new Thread(() => Serve(worker)) { IsBackground = true, Name = "fake worker" }.Start();
        }

        var outcomes = new int[10];
        var callers = Enumerable.Range(0, 16).Select(caller => Task.Run(async () =>
        {
            var random = new Random(caller);
            for (var i = 0; i < 150; i++)
            {
                using var gone = new CancellationTokenSource();
                var own = $"\"{caller}-{i}-{new string('x', random.Next(200))}\"";
                if (random.Next(5) == 0)
                {
                    gone.CancelAfter(random.Next(1, 8));
                }

                using var result = await router.InvokeAsync(own, TimeSpan.FromMilliseconds(random.Next(1, 40)), gone.Token);
                Interlocked.Increment(ref outcomes[(int)result.Outcome]);
                if (result.Outcome != InvocationOutcome.Succeeded || random.Next(6) == 0)
                {
                    continue; // Disposed of with the rest unread.
                }

                var whole = new StringBuilder(RouterUnderTest.TextOf(result));
                try
                {
                    while (!result.IsComplete)
                    {
                        await result.ReadAsync();
                        whole.Append(RouterUnderTest.TextOf(result));
                    }

                    Assert.Equal(own, whole.ToString());
                }
                catch (InvocationBrokenException e)
                {
                    // The time was up in the middle, or the caller cancelled between the beginning and being handed it.
                    Assert.True(
                        e.Outcome == InvocationOutcome.TimedOut || (e.Outcome == InvocationOutcome.Cancelled && gone.IsCancellationRequested),
                        $"{e.Outcome}");
                    Assert.StartsWith(whole.ToString(), own, StringComparison.Ordinal);
                }
            }
        })).ToArray();
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromSeconds(90));
        router.AssertIdle();
        Assert.All(workers, w => Assert.False(w.Connection.Ended.IsCompleted));
        var seen = string.Join(", ", outcomes.Select((n, o) => $"{(InvocationOutcome)o}: {n}"));
        Assert.True(
            outcomes[(int)InvocationOutcome.Succeeded] > 0 && outcomes[(int)InvocationOutcome.TimedOut] > 0
            && outcomes[(int)InvocationOutcome.Cancelled] > 0 && outcomes[(int)InvocationOutcome.FunctionFailed] > 0, seen);
        Assert.Equal(16 * 150, outcomes.Sum());
        Assert.Equal(0, outcomes[(int)InvocationOutcome.WorkerLost] + outcomes[(int)InvocationOutcome.ProtocolFailed]);
    }

    // Ends each stream exactly once, out of order, now and then late, whole or in parts.
    private static void Serve(FakeWorker worker)
    {
        var random = new Random(99);
        while (worker.Peer.TryNext() is { } frame)
        {
            if (frame.Type != FrameType.Invoke)
            {
                continue;
            }

            InvokeHeader.Read(frame.Payload, out var length);
            var payload = frame.Payload[length..];
            var (delay, kind) = (random.Next(3) == 0 ? random.Next(30) : 0, random.Next(5));
            _ = AnswerAsync(worker, frame.StreamId, payload, delay, kind);
        }
    }

    private static async Task AnswerAsync(FakeWorker worker, uint stream, byte[] payload, int delay, int kind)
    {
        await Task.Delay(delay);
        try
        {
            switch (kind)
            {
                case 0:
                    worker.Fail(stream, FailureCode.FunctionFailed);
                    break;
                case 1:
                    worker.Peer.Send(FrameType.Data, stream, payload.AsSpan(0, 2));
                    await Task.Delay(delay / 2);
                    worker.Peer.Send(FrameType.Data, stream, payload.AsSpan(2, 1));
                    worker.Peer.Send(FrameType.End, stream, payload.AsSpan(3));
                    break;
                default:
                    worker.Peer.Send(FrameType.End, stream, payload);
                    break;
            }
        }
        catch (IOException)
        {
            // The test is over.
        }
    }
}
