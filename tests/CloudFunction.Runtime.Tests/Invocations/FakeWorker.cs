using System.Collections.Concurrent;
using System.Text;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Protocol.Tests.Peers;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Tests.Invocations;

/// <summary>A worker that does what a test says, frame by frame, and the host's connection to it.</summary>
internal sealed class FakeWorker : IWorkerConnectionEvents, IDisposable
{
    private FakeWorker(RawPeer peer) => Peer = peer;

    public RawPeer Peer { get; }

    public WorkerConnection Connection { get; private set; } = null!;

    public ConcurrentQueue<string> Events { get; } = new();

    public bool Debugged { get; set; }

    public static FakeWorker Connect(TimeProvider time, TimeSpan? cancelGrace = null, bool reading = true)
    {
        var (here, there) = TransportPair.CreateSockets();
        var worker = new FakeWorker(new RawPeer(there, reading));
        worker.Connection = new WorkerConnection(
            here, (c, _) => c.Accept(worker, new ConfigureMessage(ProtocolVersion.Current, 1 << 20, 1 << 20, 10, 2)),
            cancelGrace ?? TimeSpan.FromSeconds(2), time);
        worker.Connection.Start();
        worker.Peer.Send(FrameType.Hello, 0, new HelloMessage(ProtocolVersion.Current, "w1", "s", 1).Encode());
        if (reading)
        {
            worker.Peer.Next(FrameType.Configure);
        }

        return worker;
    }

    /// <summary>The next call that comes, as far as its payload is in its first frame.</summary>
    public Call NextCall()
    {
        var frame = Peer.Next(FrameType.Invoke);
        var header = InvokeHeader.Read(frame.Payload, out var length);
        return new Call(frame.StreamId, header, Encoding.UTF8.GetString(frame.Payload.AsSpan(length)), frame.Flags.HasFlag(FrameFlags.Whole));
    }

    public void Answer(uint stream, string result) => Peer.Send(FrameType.End, stream, Encoding.UTF8.GetBytes(result));

    public void Fail(uint stream, FailureCode code, string message = "no") =>
        Peer.Send(FrameType.Error, stream, new ErrorMessage(code, message, null, null).Encode());

    public void OnReady(ReadyMessage ready) => Events.Enqueue("ready");

    public void OnLoadFailed(LoadFailedMessage failed) => Events.Enqueue("load failed");

    /// <summary>Where the records' room is given back, once a test wants it.</summary>
    public ConcurrentQueue<(ILogWindow Window, int Bytes)> Records { get; } = new();

    public void OnLog(LogMessage record, ILogWindow window, int bytes)
    {
        Records.Enqueue((window, bytes));
        Events.Enqueue($"log {record.Message}");
    }

    public void OnDying() => Events.Enqueue("dying");

    public void OnStats(StatsMessage stats) => Events.Enqueue("stats");

    public void OnStuck() => Events.Enqueue("stuck");

    public void OnEnded(ConnectionEnd end) => Events.Enqueue($"ended {end.Reason}");

    public void Dispose()
    {
        Connection.Dispose();
        Peer.Dispose();
    }

    internal sealed record Call(uint Stream, InvokeHeader Header, string Payload, bool Whole);
}
