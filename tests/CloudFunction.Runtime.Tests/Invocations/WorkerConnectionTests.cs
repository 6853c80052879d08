using System.Text;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tests.Invocations;

public class WorkerConnectionTests
{
    [Fact]
    public async Task FirstFrame_NoHello_IsRefused()
    {
        var (connection, peer) = Stranger();
        peer.Send(FrameType.Ready, 0, []);
        Assert.Equal(ConnectionEndReason.ProtocolError, (await connection.Ended.Soon("the connection")).Reason);
    }

    [Fact]
    public async Task FirstFrame_TooLongHello_IsRefused()
    {
        var (connection, peer) = Stranger();
        peer.Send(FrameType.Hello, 0, new HelloMessage(ProtocolVersion.Current, new string('x', 2000), "s", 1).Encode());
        Assert.Equal(ConnectionEndReason.ProtocolError, (await connection.Ended.Soon("the connection")).Reason);
    }

    [Fact]
    public async Task SecondHello_IsAProtocolError()
    {
        using var worker = FakeWorker.Connect(TimeProvider.System);
        worker.Peer.Send(FrameType.Hello, 0, new HelloMessage(ProtocolVersion.Current, "w1", "s", 1).Encode());
        Assert.Equal(ConnectionEndReason.ProtocolError, (await worker.Connection.Ended.Soon("the connection")).Reason);
    }

    [Theory]
    [InlineData(FrameType.Data)]
    [InlineData(FrameType.End)]
    [InlineData(FrameType.Invoke)]
    [InlineData(FrameType.Cancel)]
    [InlineData(FrameType.Drain)]
    [InlineData(FrameType.Load)]
    public async Task Frame_ThatAWorkerDoesNotSend_IsAProtocolError(object type)
    {
        using var worker = FakeWorker.Connect(TimeProvider.System);
        worker.Peer.Send((FrameType)type, 7, [1]);
        Assert.Equal(ConnectionEndReason.ProtocolError, (await worker.Connection.Ended.Soon("the connection")).Reason);
        Patience.Until(() => worker.Events.Contains("ended ProtocolError"), () => string.Join("; ", worker.Events));
    }

    [Fact]
    public void Frames_OfTheWorkersOwn_ReachTheEventsInOrder()
    {
        using var worker = FakeWorker.Connect(TimeProvider.System);
        worker.Peer.Send(FrameType.Log, 0, new LogMessage(1, 2, 3, "c", "hello", null, null, 0, null, [], 0).Encode());
        worker.Peer.Send(FrameType.Dying, 0, []);
        worker.Peer.Send(FrameType.Stats, 0, new StatsMessage(1, 2, 3, 4, false).Encode());
        var ready = new ReadyMessage([], [new string('x', 100_000)]).Encode();
        worker.Peer.Send(FrameType.Ready, 0, ready.AsSpan(0, 60_000), FrameFlags.More);
        worker.Peer.Send(FrameType.Ready, 0, ready.AsSpan(60_000));
        Patience.Until(() => worker.Events.Count == 4, () => string.Join("; ", worker.Events));
        Assert.Equal(["log hello", "dying", "stats", "ready"], worker.Events);
    }

    [Fact]
    public void Log_Released_IsGrantedAgainAQuarterOfTheWindowAtATime()
    {
        using var worker = FakeWorker.Connect(TimeProvider.System);
        var record = new LogMessage(1, 2, 3, "c", new string('x', 4000), null, null, 0, null, [], 0).Encode();
        var granted = 0;
        for (var sent = 0; sent < 4 * CreditWindows.LogBytes; sent += record.Length)
        {
            worker.Peer.Send(FrameType.Log, 0, record);
            Patience.Until(() => !worker.Records.IsEmpty, () => $"no record came after {sent} bytes");
            Assert.True(worker.Records.TryDequeue(out var taken));
            taken.Window.Release(taken.Bytes);
            while (sent + record.Length - granted >= CreditWindows.LogCreditBytes)
            {
                granted += BitConverter.ToInt32(worker.Peer.Next(FrameType.LogCredit).Payload);
            }
        }

        Assert.False(worker.Connection.Ended.IsCompleted);
    }

    [Fact]
    public async Task Log_BeyondTheWindow_IsAProtocolError()
    {
        using var worker = FakeWorker.Connect(TimeProvider.System);
        var record = new LogMessage(1, 2, 3, "c", new string('x', 4000), null, null, 0, null, [], 0).Encode();
        for (var sent = 0; sent <= CreditWindows.LogBytes; sent += record.Length)
        {
            worker.Peer.Send(FrameType.Log, 0, record);
        }

        Assert.Equal(ConnectionEndReason.ProtocolError, (await worker.Connection.Ended.Soon("the connection")).Reason);
    }

    [Fact]
    public void SetLogLevel_Always_TellsTheWorker()
    {
        using var worker = FakeWorker.Connect(TimeProvider.System);
        worker.Connection.SetLogLevel(Microsoft.Extensions.Logging.LogLevel.Warning);
        Assert.Equal([3], worker.Peer.Next(FrameType.SetLogLevel).Payload);
    }

    [Fact]
    public void LogWindow_ReleasedAfterTheWorkerHasGone_IsHarmless()
    {
        using var worker = FakeWorker.Connect(TimeProvider.System);
        worker.Peer.Send(FrameType.Log, 0, new LogMessage(1, 2, 3, "c", "hello", null, null, 0, null, [], 0).Encode());
        Patience.Until(() => !worker.Records.IsEmpty, () => "no record came");
        worker.Connection.Dispose();
        Assert.True(worker.Records.TryDequeue(out var taken));
        taken.Window.Release(CreditWindows.LogBytes);
    }

    [Fact]
    public async Task Continuation_ThatBlocksTheReader_HoldsUpNeitherAnswersNorPings()
    {
        using var router = new RouterUnderTest();
        var worker = router.AddWorker();
        using var release = new ManualResetEventSlim();
        using var inside = new ManualResetEventSlim();
        var blocking = BlockAsync();
        worker.Answer(worker.NextCall().Stream, "1");
        Assert.True(inside.Wait(Patience.Bound));
        var next = router.InvokeAsync();
        worker.Answer(worker.NextCall().Stream, "2");
        using (var result = await next.Soon("the call behind it"))
        {
            Assert.Equal("2", RouterUnderTest.TextOf(result));
        }

        worker.Peer.Send(FrameType.Ping, 0, new byte[8]);
        worker.Peer.Next(FrameType.Pong);
        release.Set();
        await blocking.Soon("the blocking continuation");

        async Task BlockAsync()
        {
            using var result = await router.Router.InvokeAsync(
                "shop", "greet", new(System.IO.Pipelines.PipeReader.Create(new(Encoding.ASCII.GetBytes("1")))), default).ConfigureAwait(false);
            inside.Set();
            release.Wait(Patience.Bound);
        }
    }

    [Fact]
    public void InlineContinuations_FewTakeovers_AreForgivenAndManyAtOnceAreNot()
    {
        var inline = new InlineContinuations();
        Assert.True(inline.TryAllow(0));
        inline.TryAllow(1); // The first one starts the second that is counted.
        Assert.True(inline.TryAllow(3));
        Assert.False(inline.TryAllow(20));
        Assert.False(inline.TryAllow(20));
    }

    private static (WorkerConnection Connection, RawPeer Peer) Stranger()
    {
        var (here, there) = TransportPair.CreateSockets();
        var connection = new WorkerConnection(here, (_, _) => { }, TimeSpan.FromSeconds(1), TimeProvider.System);
        connection.Start();
        return (connection, new RawPeer(there));
    }
}
