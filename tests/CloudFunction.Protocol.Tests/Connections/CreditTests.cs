using System.Buffers;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Protocol.Tests.Connections;

public class CreditTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SendPayload_FarBeyondTheWindowsBothWays_ArrivesWhole(bool sockets)
    {
        var (here, there) = TransportPair.Create(sockets);
        using var one = new Receiver(here);
        using var other = new Receiver(there);
        var length = sockets ? CreditWindows.ConnectionBytes + 100_000 : 1_000_000;
        var (first, second) = (Bytes(1, length), Bytes(2, length));
        var sending = one.Connection.SendPayloadAsync(1, one.SendCredit, Segmented(first), last: true, CancellationToken.None).AsTask();
        var back = other.Connection.SendPayloadAsync(1, other.SendCredit, Segmented(second), last: true, CancellationToken.None).AsTask();
        await Task.WhenAll(sending, back).Soon("sending");
        Assert.Equal(second, await one.Whole.Soon("what came back"));
        Assert.Equal(first, await other.Whole.Soon("what was sent"));
    }

    [Fact]
    public async Task SendPayload_ConsumerStandsStill_QueuesAWindowAtMost()
    {
        using var ends = Ends.Start(peerReads: false);
        var credit = new SendCredit(CreditWindows.StreamBytes);
        using var stop = new CancellationTokenSource();
        var sending = ends.Connection.SendPayloadAsync(1, credit, Segmented(Bytes(1, 10_000_000)), last: true, stop.Token).AsTask();
        Assert.False(sending.IsCompleted);
        Assert.InRange(ends.Connection.QueuedBytes, 0, CreditWindows.StreamBytes + 1000);
        ends.Peer.StartReading();
        var received = 0;
        while (received < CreditWindows.StreamBytes)
        {
            received += ends.Peer.Next().Payload.Length;
        }

        Assert.Equal(CreditWindows.StreamBytes, received);
        Assert.False(sending.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.Soon("sending"));
    }

    [Fact]
    public async Task SendPayload_ConnectionEnds_IsAnIOException()
    {
        using var ends = Ends.Start();
        var credit = new SendCredit(CreditWindows.StreamBytes);
        var sending = ends.Connection.SendPayloadAsync(1, credit, Segmented(Bytes(1, 40_000_000)), last: true, CancellationToken.None).AsTask();
        ends.Peer.SendCredit(1, 1000); // The handler's, who ignores it.
        ends.Peer.Dispose();
        await ends.Ended();
        credit.End(); // As handlers do from OnEnd.
        await Assert.ThrowsAsync<IOException>(() => sending.Soon("sending"));
    }

    [Fact]
    public async Task WaitForCredit_StreamEndsWhileTheConnectionHasNone_Ends()
    {
        using var ends = Ends.Start();
        for (var i = 0; i < CreditWindows.ConnectionBytes / CreditWindows.StreamBytes; i++)
        {
            Assert.True(ends.Connection.TrySendPayload(FrameType.Data, FrameFlags.None, 9, new byte[CreditWindows.StreamBytes], default));
        }

        Assert.False(ends.Connection.TrySendPayload(FrameType.Data, FrameFlags.None, 9, [1], default));
        var stream = new SendCredit(CreditWindows.StreamBytes);
        var waiting = ends.Connection.WaitForCreditAsync(stream, 1, CancellationToken.None);
        var sending = ends.Connection.SendPayloadAsync(1, stream, Segmented(Bytes(1, 10)), last: true, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        stream.End();
        await Assert.ThrowsAsync<IOException>(() => waiting.Soon("waiting"));
        await Assert.ThrowsAsync<IOException>(() => sending.Soon("sending"));

        var patient = ends.Connection.WaitForCreditAsync(new SendCredit(1), 1, CancellationToken.None);
        ends.Peer.SendCredit(0, 1);
        await patient.Soon("the wait for credit that comes");
    }

    [Fact]
    public void Receive_MoreStreamsThanTheWindowHoldsAndNoneIsRead_OthersStillGetThrough()
    {
        using var ends = Ends.Start();
        const int Streams = 2 * CreditWindows.ConnectionBytes / CreditWindows.StreamBytes;
        var credit = CreditWindows.ConnectionBytes;
        for (var stream = 1u; stream <= Streams; stream++)
        {
            while (credit < CreditWindows.StreamBytes)
            {
                var granted = ends.Peer.Next(FrameType.Credit);
                Assert.Equal(0u, granted.StreamId);
                credit += FrameConnection.ReadCredit(granted.Payload);
            }

            ends.Peer.Send(FrameType.Data, stream, new byte[CreditWindows.StreamBytes]);
            credit -= CreditWindows.StreamBytes;
        }

        Patience.Until(() => ends.Handler.Frames.Count == Streams, () => $"{ends.Handler.Frames.Count} frames came");
        Assert.False(ends.Connection.Ended.IsCompleted);
    }

    [Fact]
    public void ReceiveCredit_UsedBeyondTheWindow_IsAProtocolErrorAndReleasedIsUsableAgain()
    {
        var credit = new ReceiveCredit(100);
        credit.Use(100);
        Assert.Equal(0, credit.Release(49));
        Assert.Equal(50, credit.Release(1));
        credit.Use(50);
        Assert.Throws<ProtocolException>(() => credit.Use(1));
    }

    [Fact]
    public async Task SendCredit_ManyTakersAndGranters_LosesAndInventsNothing()
    {
        var credit = new SendCredit(100);
        var taken = 0;
        var takers = Enumerable.Range(0, 4).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var rest = 20_000; rest > 0;)
            {
                var got = credit.TakeUpTo(Math.Min(rest, random.Next(1, 60)));
                rest -= got;
                Interlocked.Add(ref taken, got);
                if (got == 0)
                {
                    await credit.WaitAsync(1, CancellationToken.None);
                }
                else
                {
                    credit.Grant(got);
                }
            }
        }));
        await Task.WhenAll(takers).Soon($"the takers, {taken} of 80000 taken");
        Assert.True(credit.TryTake(100));
        Assert.False(credit.TryTake(1));
    }

    [Fact]
    public async Task SendCredit_CancelledOrEndedWait_Throws()
    {
        var credit = new SendCredit(0);
        using var stop = new CancellationTokenSource();
        var cancelled = credit.WaitAsync(1, stop.Token);
        var ended = credit.WaitAsync(1, CancellationToken.None);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.Soon("cancelled"));
        credit.End();
        await Assert.ThrowsAsync<IOException>(() => ended.Soon("ended"));
        await Assert.ThrowsAsync<IOException>(() => credit.WaitAsync(1, CancellationToken.None).Soon("late"));
    }

    private static byte[] Bytes(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static ReadOnlySequence<byte> Segmented(byte[] bytes) => new(bytes);

    /// <summary>Consumes what comes on stream 1 and grants credit for it.</summary>
    private sealed class Receiver : IFrameHandler, IDisposable
    {
        private readonly MemoryStream _received = new();
        private readonly TaskCompletionSource<byte[]> _whole = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ReceiveCredit _receiveCredit = new(CreditWindows.StreamBytes);

        public Receiver(Transport transport)
        {
            Connection = new FrameConnection(transport, this);
            Connection.Start();
        }

        public FrameConnection Connection { get; }

        public SendCredit SendCredit { get; } = new(CreditWindows.StreamBytes);

        public Task<byte[]> Whole => _whole.Task;

        public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            if (header.Type == FrameType.Credit)
            {
                SendCredit.Grant(FrameConnection.ReadCredit(payload));
                return;
            }

            _receiveCredit.Use(payload.Length);
            _received.Write(payload);
            if (_receiveCredit.Release(payload.Length) is > 0 and var grant)
            {
                Connection.SendCreditFrame(1, grant);
            }

            if (header.Type == FrameType.End)
            {
                _whole.TrySetResult(_received.ToArray());
            }
        }

        public void OnEnd(ConnectionEnd end) => _whole.TrySetException(new IOException(end.Message));

        public void Dispose() => Connection.Dispose();
    }
}
