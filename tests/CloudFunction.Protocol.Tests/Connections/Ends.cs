using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Protocol.Tests.Connections;

/// <summary>A connection under test and the raw peer that it talks to.</summary>
internal sealed class Ends : IDisposable
{
    private Ends(FrameConnection connection, RawPeer peer, TestHandler handler)
    {
        Connection = connection;
        Peer = peer;
        Handler = handler;
    }

    public FrameConnection Connection { get; }

    public RawPeer Peer { get; }

    public TestHandler Handler { get; }

    public static Ends Start(bool sockets = true, bool peerReads = true, Action<FrameConnection, Frame>? handle = null)
    {
        var (here, there) = TransportPair.Create(sockets);
        var handler = new TestHandler();
        var connection = new FrameConnection(here, handler);
        if (handle is not null)
        {
            handler.Handle = frame => handle(connection, frame);
        }

        connection.Start();
        return new Ends(connection, new RawPeer(there, peerReads), handler);
    }

    public Task<ConnectionEnd> Ended() => Connection.Ended.Soon("the connection");

    public void Dispose()
    {
        Connection.Dispose();
        Peer.Dispose();
    }
}
