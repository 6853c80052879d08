using System.Diagnostics;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Protocol.Tests.Connections;

public class TakeoverTests
{
    [Fact]
    public void EnterForeignCode_Blocking_LetsLaterFramesAndPingsThrough()
    {
        using var release = new ManualResetEventSlim();
        var stillReader = new List<bool>();
        using var ends = Ends.Start(handle: (connection, frame) =>
        {
            if (frame.StreamId == 1)
            {
                var mark = connection.EnterForeignCode();
                release.Wait(Patience.Bound);
                lock (stillReader)
                {
                    stillReader.Add(connection.ExitForeignCode(mark));
                }
            }
        });
        ends.Peer.SendBytes([.. new Frame(FrameType.Log, 1, []).ToBytes(), .. new Frame(FrameType.Log, 2, []).ToBytes()]);
        ends.Peer.Send(FrameType.Ping, 0, [1, 2, 3, 4, 5, 6, 7, 8]);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], ends.Peer.Next(FrameType.Pong).Payload);
        Assert.Equal(1, ends.Connection.Takeovers);
        Assert.Contains(ends.Handler.Frames, f => f.StreamId == 2);

        release.Set();
        Patience.Until(() => { lock (stillReader) { return stillReader.Count == 1; } }, () => "the first reader has not come back");
        Assert.Equal([false], stillReader);
        ends.Peer.Send(FrameType.Ping, 0, new byte[8]);
        ends.Peer.Next(FrameType.Pong);
        Assert.Equal(1, ends.Connection.Takeovers);
    }

    [Fact]
    public void EnterForeignCode_ManyBlockOneAfterTheOther_EachLosesTheReaderOnce()
    {
        using var release = new ManualResetEventSlim();
        using var ends = Ends.Start(handle: (connection, frame) =>
        {
            var mark = connection.EnterForeignCode();
            release.Wait(Patience.Bound);
            connection.ExitForeignCode(mark);
        });
        ends.Peer.SendBytes(Enumerable.Range(1, 10).SelectMany(i => new Frame(FrameType.Log, (uint)i, []).ToBytes()).ToArray());
        Patience.Until(
            () => ends.Connection.Takeovers == 10, () => $"{ends.Connection.Takeovers} takeovers, {ends.Handler.Frames.Count} frames");
        release.Set();
        Assert.Equal(Enumerable.Range(1, 10), ends.Handler.Frames.Select(f => (int)f.StreamId));
    }

    [Fact]
    public async Task EnterForeignCode_ForRandomTimesAroundTheTick_EveryFrameIsHandledOnceAndInOrder()
    {
        const int Count = 500;
        var random = new Random(77);
        var dispatched = new List<int>();
        var inHandler = 0;
        var overlaps = 0;
        using var never = new ManualResetEventSlim();
        using var ends = Ends.Start(handle: (connection, frame) =>
        {
            if (Interlocked.Increment(ref inHandler) != 1)
            {
                Interlocked.Increment(ref overlaps); // Two readers at once.
            }

            var number = BitConverter.ToInt32(frame.Payload);
            var wait = TimeSpan.FromMilliseconds(frame.Payload[4]);
            dispatched.Add(number);
            Interlocked.Decrement(ref inHandler);
            var mark = connection.EnterForeignCode();
            if (wait > TimeSpan.Zero)
            {
                never.Wait(wait);
            }

            connection.ExitForeignCode(mark);
        });
        for (var i = 0; i < Count; i++)
        {
            var wait = random.Next(4) == 0 ? (byte)random.Next(1, 3 * (int)ReaderWatch.Tick.TotalMilliseconds) : (byte)0;
            ends.Peer.Send(FrameType.Log, 1, [.. BitConverter.GetBytes(i), wait]);
        }

        ends.Peer.Dispose();
        var end = await ends.Ended();
        Assert.Equal(ConnectionEndReason.PeerClosed, end.Reason);
        Assert.Equal(Enumerable.Range(0, Count), dispatched);
        Assert.Equal(0, overlaps);
        Assert.NotEqual(0, ends.Connection.Takeovers);
    }

    [Fact]
    public async Task ExitForeignCode_SupersededThreadThatThrows_LeavesTheEndToTheReader()
    {
        // Guards against an end told by one thread while another handles a frame.
        using var throwNow = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        using var inSecond = new ManualResetEventSlim();
        var endedDuringFrame = false;
        Ends? ends = null;
        using var started = ends = Ends.Start(handle: (connection, frame) =>
        {
            if (frame.StreamId == 1)
            {
                var mark = connection.EnterForeignCode();
                throwNow.Wait(Patience.Bound);
                connection.ExitForeignCode(mark);
                throw new InvalidOperationException("late");
            }

            inSecond.Set();
            leave.Wait(Patience.Bound);
            endedDuringFrame = ends!.Handler.Ends > 0;
        });
        ends.Peer.SendBytes([.. new Frame(FrameType.Log, 1, []).ToBytes(), .. new Frame(FrameType.Log, 2, []).ToBytes()]);
        Assert.True(inSecond.Wait(Patience.Bound));
        throwNow.Set();
        Assert.Null(ends.Peer.TryNext()); // Closed by the thread that threw.
        leave.Set();
        Assert.Contains("late", (await ends.Ended()).Message, StringComparison.Ordinal);
        Assert.False(endedDuringFrame);
        Assert.Equal(1, ends.Handler.Ends);
    }

    [Fact]
    public void Watch_IdleAndBusyInTurn_IsNeverAsleepWhenItIsNeeded()
    {
        // The watch parks after about a second without work: each round begins near that moment.
        using var never = new ManualResetEventSlim();
        var random = new Random(3);
        for (var round = 1; round <= 6; round++)
        {
            using var release = new ManualResetEventSlim();
            using var ends = Ends.Start(handle: (connection, frame) =>
            {
                if (frame.StreamId == 1)
                {
                    var mark = connection.EnterForeignCode();
                    release.Wait(Patience.Bound);
                    connection.ExitForeignCode(mark);
                }
            });
            never.Wait(random.Next(960, 1080));
            var began = Stopwatch.StartNew();
            ends.Peer.Send(FrameType.Log, 1, []);
            ends.Peer.Send(FrameType.Log, 2, []);
            Patience.Until(
                () => ends.Handler.Frames.Count == 2,
                () => $"round {round}: {ends.Handler.Frames.Count} frames, {ends.Connection.Takeovers} takeovers after {began.Elapsed}");
            release.Set();
        }
    }
}
