using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;

namespace CloudFunction.Protocol.Tests.Connections;

public class ConnectionEndTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_PeerCloses_SaysSo(bool sockets)
    {
        using var ends = Ends.Start(sockets);
        ends.Peer.Dispose();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await ends.Ended()).Reason);
        Assert.Equal(1, ends.Handler.Ends);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_ThisSideCloses_SaysSoAndThePeerSeesTheEnd(bool sockets)
    {
        using var ends = Ends.Start(sockets);
        ends.Connection.Dispose();
        Assert.Equal(ConnectionEndReason.Closed, (await ends.Ended()).Reason);
        Assert.Null(ends.Peer.TryNext());
        ends.Connection.Dispose();
        ends.Connection.Send(FrameType.Log, 0, [1]);
        ends.Connection.SendUrgent(FrameType.Drain, 0, default);
        Assert.Equal(1, ends.Handler.Ends);
    }

    [Fact]
    public async Task Ended_ClosedTwice_KeepsTheFirstReason()
    {
        using var ends = Ends.Start();
        ends.Connection.Close(new ConnectionEnd(ConnectionEndReason.ProtocolError, "first"));
        ends.Connection.Dispose();
        Assert.Equal(new ConnectionEnd(ConnectionEndReason.ProtocolError, "first"), await ends.Ended());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ended_WhileMuchIsQueuedToAPeerThatDoesNotRead_ComesAtOnce(bool sockets)
    {
        using var ends = Ends.Start(sockets, peerReads: false);
        for (var i = 0; i < 100; i++)
        {
            ends.Connection.Send(FrameType.Log, 1, new byte[50_000]);
        }

        ends.Connection.Dispose();
        await ends.Ended();
    }

    [Fact]
    public async Task Ended_WhileForeignCodeHoldsTheReader_ComesAllTheSame()
    {
        using var release = new ManualResetEventSlim();
        using var ends = Ends.Start(handle: (connection, _) =>
        {
            var mark = connection.EnterForeignCode();
            release.Wait();
            connection.ExitForeignCode(mark);
        });
        ends.Peer.Send(FrameType.Log, 0, []);
        ends.Peer.Dispose();
        Assert.Equal(ConnectionEndReason.PeerClosed, (await ends.Ended()).Reason);
        release.Set();
    }
}
