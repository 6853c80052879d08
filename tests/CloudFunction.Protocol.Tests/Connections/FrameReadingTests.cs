using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Protocol.Tests.Connections;

public class FrameReadingTests
{
    private static readonly Frame[] Some =
    [
        new(FrameType.Data, 1, [1, 2, 3]), new(FrameType.Log, 0, []), new(FrameType.End, 0xFFFF_FFFF, [4], FrameFlags.None),
    ];

    [Fact]
    public async Task Read_SplitAtEveryByte_GivesTheSameFrames()
    {
        var bytes = Some.SelectMany(f => f.ToBytes()).ToArray();
        for (var split = 1; split < bytes.Length; split++)
        {
            using var ends = Ends.Start(sockets: false);
            ends.Peer.SendBytes(bytes.AsSpan(0, split));
            ends.Peer.SendBytes(bytes.AsSpan(split));
            ends.Peer.Dispose();
            Assert.Equal(ConnectionEndReason.PeerClosed, (await ends.Ended()).Reason);
            AssertSome(ends.Handler, 1, $"split at {split}");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_ByteByByteAndThenTogether_GivesTheSameFrames(bool sockets)
    {
        using var ends = Ends.Start(sockets);
        var bytes = Some.SelectMany(f => f.ToBytes()).ToArray();
        for (var at = 0; at < bytes.Length; at++)
        {
            ends.Peer.SendBytes(bytes.AsSpan(at, 1));
        }

        ends.Peer.SendBytes([.. bytes, .. bytes]);
        ends.Peer.Dispose();
        await ends.Ended();
        AssertSome(ends.Handler, 3, "together");
    }

    [Fact]
    public async Task Read_LargestFramesAmongSmallOnes_AreWhole()
    {
        using var ends = Ends.Start(sockets: false);
        var random = new Random(5);
        var sent = Enumerable.Range(0, 60)
            .Select(i => new Frame(FrameType.Log, (uint)i, Bytes(random, i % 3 == 0 ? FrameHeader.MaxPayloadBytes : random.Next(2000)))).ToArray();
        ends.Peer.SendBytes(sent.SelectMany(f => f.ToBytes()).ToArray());
        ends.Peer.Dispose();
        await ends.Ended();
        Assert.Equal(
            sent.Select(f => (f.StreamId, Convert.ToHexString(f.Payload))),
            ends.Handler.Frames.Select(f => (f.StreamId, Convert.ToHexString(f.Payload))));
    }

    [Fact]
    public async Task Read_TruncatedAtEveryByte_EndsWithThePeerAndSaysSo()
    {
        var bytes = Some[0].ToBytes();
        for (var length = 1; length < bytes.Length; length++)
        {
            using var ends = Ends.Start(sockets: false);
            ends.Peer.SendBytes(bytes.AsSpan(0, length));
            ends.Peer.Dispose();
            var end = await ends.Ended();
            Assert.Equal(ConnectionEndReason.PeerClosed, end.Reason);
            Assert.Contains($"{length} bytes", end.Message, StringComparison.Ordinal);
            Assert.Empty(ends.Handler.Frames);
        }
    }

    [Theory]
    [InlineData("FFFFFFFF 01000000 08 00")]
    [InlineData("01000100 01000000 08 00")]
    [InlineData("00000000 01000000 00 00")]
    [InlineData("00000000 01000000 FF 00")]
    [InlineData("00000000 01000000 08 08")]
    public async Task Read_BadHeader_IsAProtocolErrorWithoutWaitingForMore(string header)
    {
        using var ends = Ends.Start();
        ends.Peer.SendBytes(Convert.FromHexString(header.Replace(" ", "", StringComparison.Ordinal)));
        Assert.Equal(ConnectionEndReason.ProtocolError, (await ends.Ended()).Reason);
        Assert.Null(ends.Peer.TryNext());
    }

    [Theory]
    [InlineData(FrameType.Ping, 7)]
    [InlineData(FrameType.Pong, 9)]
    [InlineData(FrameType.Credit, 3)]
    [InlineData(FrameType.Credit, 4)] // Zero bytes of credit.
    public async Task Read_BadPayloadOfAConnectionsOwnFrame_IsAProtocolError(object type, int length)
    {
        using var ends = Ends.Start();
        ends.Peer.Send((FrameType)type, 0, new byte[length]);
        Assert.Equal(ConnectionEndReason.ProtocolError, (await ends.Ended()).Reason);
    }

    [Fact]
    public async Task Read_CreditBeyondAllBounds_IsAProtocolError()
    {
        using var ends = Ends.Start();
        ends.Peer.SendCredit(0, int.MaxValue);
        Assert.Equal(ConnectionEndReason.ProtocolError, (await ends.Ended()).Reason);
    }

    [Fact]
    public async Task Read_RandomBytes_EndsAndNeverFailsOtherwise()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            using var ends = Ends.Start(sockets: false);
            ends.Peer.SendBytes(seed % 2 == 0 ? Bytes(random, random.Next(1, 2000)) : NearlyFrames(random));
            ends.Peer.Dispose();
            var end = await ends.Ended();

            // A pong that meets the closed peer is the transport's failure; a defect of ours would say that handling a frame failed.
            Assert.False(end.Message.Contains("Handling a frame", StringComparison.Ordinal), $"seed {seed}: {end}");
            Assert.NotEqual(ConnectionEndReason.Closed, end.Reason);
            Assert.Equal(1, ends.Handler.Ends);
        }
    }

    [Fact]
    public async Task Read_HandlerThrows_EndsThisConnectionOnly()
    {
        using var ends = Ends.Start(handle: (_, _) => throw new InvalidOperationException("defect"));
        ends.Peer.Send(FrameType.Log, 0, []);
        var end = await ends.Ended();
        Assert.Equal(ConnectionEndReason.TransportFailed, end.Reason);
        Assert.Contains("defect", end.Message, StringComparison.Ordinal);
    }

    private static void AssertSome(TestHandler handler, int times, string what) => Assert.True(
        Enumerable.Repeat(Some, times).SelectMany(s => s).Select(f => (f.Type, f.StreamId, Convert.ToHexString(f.Payload)))
            .SequenceEqual(handler.Frames.Select(f => (f.Type, f.StreamId, Convert.ToHexString(f.Payload)))),
        $"{what}: {string.Join("; ", handler.Frames)}");

    // Frames that are mostly right, so that the faults lie deeper.
    private static byte[] NearlyFrames(Random random) =>
    [
        .. Enumerable.Range(0, 30).SelectMany(_ =>
            new Frame((FrameType)random.Next(1, 18), (uint)random.Next(3), Bytes(random, random.Next(12)), (FrameFlags)random.Next(8)).ToBytes()),
    ];

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
