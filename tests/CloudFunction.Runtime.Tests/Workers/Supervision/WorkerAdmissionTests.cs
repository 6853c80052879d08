using System.Threading.Channels;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Workers;
using CloudFunction.Runtime.Workers.Supervision;

namespace CloudFunction.Runtime.Tests.Workers.Supervision;

public sealed class WorkerAdmissionTests : IDisposable
{
    private readonly Channel<SupervisorEvent> _events = Channel.CreateUnbounded<SupervisorEvent>();
    private readonly WorkerRoster _roster = new();
    private readonly DeadlineSweep _sweep = new(TimeProvider.System);
    private readonly List<IDisposable> _ends = [];
    private readonly WorkerHandle _worker;

    public WorkerAdmissionTests()
    {
        _worker = new WorkerHandle(WorkerEndpoint.Create("/none", "w1"), null, DateTimeOffset.UnixEpoch, _events.Writer, new RecordingSink());
        _roster.Add(_worker);
    }

    [Fact]
    public async Task Admit_TheWorkersSecret_ConfiguresItAndReportsThatItIsConnected()
    {
        var (peer, connection) = Connect("w1", _worker.Endpoint.Secret);

        Assert.Equal(new ConfigureMessage(ProtocolVersion.Current, 1, 2, 3, 4), ConfigureMessage.Decode(peer.Next(FrameType.Configure).Payload));
        Assert.Equal(new SupervisorEvent.Connected(_worker), await _events.Reader.ReadAsync().AsTask().Soon("the event"));
        Assert.Same(connection, _worker.Connection);
        Assert.Same(connection, _worker.Link);
    }

    [Theory]
    [InlineData("w1", "")]
    [InlineData("w1", "another")]
    [InlineData("w2", null)]
    public async Task Admit_NoSecretOfAnyWorker_EndsTheConnection(string id, string? secret)
    {
        var (_, connection) = Connect(id, secret ?? _worker.Endpoint.Secret);

        await AssertRefusedAsync(connection);
        Assert.Null(_worker.Link);
        Assert.False(_events.Reader.TryRead(out _));
    }

    [Fact]
    public async Task Admit_ASecondConnection_EndsItAndKeepsTheFirst()
    {
        var (peer, first) = Connect("w1", _worker.Endpoint.Secret);
        peer.Next(FrameType.Configure);

        var (_, second) = Connect("w1", _worker.Endpoint.Secret);

        await AssertRefusedAsync(second);
        Assert.Same(first, _worker.Connection);
        Assert.False(first.Ended.IsCompleted);
    }

    public void Dispose()
    {
        _ends.ForEach(static end => end.Dispose());
        _sweep.Dispose();
    }

    private static async Task AssertRefusedAsync(WorkerConnection connection)
    {
        var end = await connection.Ended.Soon("the connection");
        Assert.Equal((ConnectionEndReason.ProtocolError, "It showed no secret of a worker that is expected."), (end.Reason, end.Message));
    }

    private (RawPeer Peer, WorkerConnection Connection) Connect(string id, string secret)
    {
        var admission = new WorkerAdmission(_roster, _sweep, new ConfigureMessage(ProtocolVersion.Current, 1, 2, 3, 4));
        var (here, there) = TransportPair.CreateSockets();
        var peer = new RawPeer(there);
        var connection = new WorkerConnection(here, admission.Admit, TimeSpan.FromSeconds(2), TimeProvider.System);
        _ends.AddRange([connection, peer]);
        connection.Start();
        peer.Send(FrameType.Hello, 0, new HelloMessage(ProtocolVersion.Current, id, secret, 1).Encode());
        return (peer, connection);
    }
}
