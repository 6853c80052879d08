using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Protocol.Tests.Connections;

public class FrameSendingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Send_FromManyThreads_NeverMixesTheBytesOfFrames(bool sockets)
    {
        const int Threads = 4;
        const int Frames = 400;
        using var ends = Ends.Start(sockets);
        using var together = new Barrier(Threads);
        var senders = Enumerable.Range(1, Threads).Select(thread => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                var random = new Random(thread);
                for (var i = 0; i < Frames; i++)
                {
                    var payload = Pattern(thread, i, random.Next(100) == 0 ? FrameHeader.MaxPayloadBytes : random.Next(4, 600));
                    if (i % 7 == 0)
                    {
                        ends.Connection.SendUrgent(FrameType.Cancel, (uint)thread, payload.AsSpan(0, 4));
                    }
                    else
                    {
                        ends.Connection.Send(FrameType.Log, (uint)thread, payload);
                    }
                }
            },
            TaskCreationOptions.LongRunning)).ToArray();
        var next = new Dictionary<(FrameType, uint), int>();
        for (var n = 0; n < Threads * Frames; n++)
        {
            var frame = ends.Peer.Next();
            var number = BitConverter.ToUInt16(frame.Payload);
            Assert.Equal(Pattern((int)frame.StreamId, number, frame.Payload.Length), frame.Payload);
            var key = (frame.Type, frame.StreamId);
            Assert.True(number >= next.GetValueOrDefault(key), $"{frame} number {number} came after {next.GetValueOrDefault(key)}");
            next[key] = number + 1;
        }

        await Task.WhenAll(senders).Soon("the senders");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Send_PeerDoesNotReadForAWhile_NeverBlocksAndAllArrivesInOrder(bool sockets)
    {
        using var ends = Ends.Start(sockets, peerReads: false);
        var payload = new byte[10_000];
        for (var i = 0; i < 300; i++)
        {
            BitConverter.TryWriteBytes(payload, i);
            ends.Connection.Send(FrameType.Log, 1, payload); // Would never return if it blocked.
        }

        Assert.InRange(ends.Connection.QueuedBytes, 1_000_000, 300 * 10_010);
        ends.Peer.StartReading();
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(ends.Peer.Next().Payload));
        }

        Patience.Until(() => ends.Connection.QueuedBytes == 0, () => $"{ends.Connection.QueuedBytes} bytes are queued");

        // Handed over a second time, after the first sender's thread went back to sleep.
        ends.Connection.Send(FrameType.Log, 2, [1]);
        Assert.Equal(2u, ends.Peer.Next().StreamId);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SendUrgent_BehindQueuedData_OvertakesIt(bool sockets)
    {
        using var ends = Ends.Start(sockets, peerReads: false);
        for (var i = 0; i < 300; i++)
        {
            ends.Connection.Send(FrameType.Log, 1, new byte[10_000]);
        }

        ends.Connection.SendUrgent(FrameType.Cancel, 5, default);
        ends.Connection.SendUrgent(FrameType.Drain, 0, default);
        ends.Peer.StartReading();
        var order = Enumerable.Range(0, 302).Select(_ => ends.Peer.Next().Type).ToList();
        Assert.InRange(order.IndexOf(FrameType.Cancel), 0, 250);
        Assert.Equal(order.IndexOf(FrameType.Cancel) + 1, order.IndexOf(FrameType.Drain));
    }

    [Fact]
    public async Task SendUrgent_ToAPeerThatFloodsPingsAndReadsNothing_LetsItGo()
    {
        using var ends = Ends.Start(peerReads: false);
        var pings = Enumerable.Repeat(new Frame(FrameType.Ping, 0, new byte[8]).ToBytes(), 1000).SelectMany(b => b).ToArray();
        try
        {
            for (var i = 0; i < 1000; i++)
            {
                ends.Peer.SendBytes(pings);
                Assert.InRange(ends.Connection.QueuedBytes, long.MinValue, 2 * 1024 * 1024);
            }
        }
        catch (IOException)
        {
            // The other side has closed.
        }

        var end = await ends.Ended();
        Assert.Equal(ConnectionEndReason.TransportFailed, end.Reason);
        Assert.Contains("does not read", end.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SendMessage_LongerThanAFrame_ComesInParts()
    {
        using var ends = Ends.Start();
        var message = new byte[(2 * FrameHeader.MaxPayloadBytes) + 1];
        Random.Shared.NextBytes(message);
        ends.Connection.SendMessage(FrameType.Ready, message);
        var parts = Enumerable.Range(0, 3).Select(_ => ends.Peer.Next()).ToArray();
        Assert.Equal([FrameFlags.More, FrameFlags.More, FrameFlags.None], parts.Select(p => p.Flags));
        Assert.Equal(message, parts.SelectMany(p => p.Payload));
    }

    [Fact]
    public void TrySendPayload_Held_LeavesAtTheBatchsEnd()
    {
        using var ends = Ends.Start(handle: static (connection, frame) =>
            Assert.True(connection.TrySendPayload(FrameType.End, FrameFlags.None, frame.StreamId, frame.Payload, default, SendTime.AtBatchEnd)));
        ends.Peer.SendBytes(Enumerable.Range(1, 100).SelectMany(i => new Frame(FrameType.Log, (uint)i, [(byte)i]).ToBytes()).ToArray());
        for (var i = 1; i <= 100; i++)
        {
            Assert.Equal([(byte)i], ends.Peer.Next(FrameType.End).Payload);
        }
    }

    [Fact]
    public void TrySendPayload_WithReader_LeavesByItselfAndKeepsTheOrder()
    {
        using var ends = Ends.Start();
        for (var i = 0; i < 500; i++)
        {
            var time = i % 5 == 4 ? SendTime.Now : SendTime.WithReader;
            Assert.True(ends.Connection.TrySendPayload(FrameType.Data, FrameFlags.None, 1, BitConverter.GetBytes(i), default, time));
        }

        ends.Connection.TrySendPayload(FrameType.Data, FrameFlags.None, 1, BitConverter.GetBytes(500), default, SendTime.WithReader);
        for (var i = 0; i <= 500; i++)
        {
            Assert.Equal(i, BitConverter.ToInt32(ends.Peer.Next().Payload));
        }
    }

    [Fact]
    public void TrySendPayload_HeldInALongBatch_LeavesBeforeTheBatchsEnd()
    {
        using var answered = new ManualResetEventSlim();
        var waited = false;
        using var ends = Ends.Start(handle: (connection, frame) =>
        {
            switch (frame.StreamId)
            {
                case 1:
                    connection.TrySendPayload(FrameType.End, FrameFlags.None, 1, default, default, SendTime.AtBatchEnd);
                    break;
                case 2 or 3:
                    var began = Environment.TickCount64;
                    SpinWait.SpinUntil(() => Environment.TickCount64 - began > 20); // Longer than replies may be held.
                    break;
                case 4:
                    waited = answered.Wait(Patience.Bound);
                    break;
            }
        });
        ends.Peer.SendBytes(Enumerable.Range(1, 5).SelectMany(i => new Frame(FrameType.Log, (uint)i, []).ToBytes()).ToArray());
        Assert.Equal(1u, ends.Peer.Next().StreamId);
        answered.Set();
        Patience.Until(() => ends.Handler.Frames.Count == 5, () => string.Join("; ", ends.Handler.Frames));
        Assert.True(waited);
    }

    private static byte[] Pattern(int stream, int number, int length)
    {
        var bytes = new byte[length];
        new Random((stream * 100_000) + number).NextBytes(bytes);
        BitConverter.TryWriteBytes(bytes, (ushort)number);
        return bytes;
    }
}
