using System.Net.Sockets;
using BenchmarkDotNet.Attributes;
using CloudFunction.Protocol;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Benchmarks;

/// <summary>
/// Round trips over the multiplexed connection between two of its ends in one process, over a Unix socket: a number of streams, each of which
/// sends its next frame when the answer to the one before has come. One stream is read against <see cref="UnixSocketRoundTrip"/>: the same wake-ups
/// and a frame's work on top. With many streams frames share system calls and wake-ups, and so a round trip costs a fraction.
/// </summary>
public class ConnectionRoundTrip : IDisposable
{
    /// <summary>Round trips of one run, over all streams.</summary>
    public const int RoundTrips = 20_000;

    private readonly ManualResetEventSlim _done = new();
    private byte[] _payload = [];
    private DirectoryInfo? _directory;
    private FrameConnection? _client;
    private FrameConnection? _server;
    private int _left;
    private int _underWay;
    private bool _wrong;

    [Params(1, 8, 64)]
    public int Streams { get; set; }

    [Params(64, 4096)]
    public int MessageBytes { get; set; }

    [GlobalSetup]
    public void Connect()
    {
        _payload = new byte[MessageBytes];
        _payload.AsSpan().Fill(42);
        _directory = Directory.CreateTempSubdirectory("cfb-");
        var endpoint = new UnixDomainSocketEndPoint(Path.Combine(_directory.FullName, "connection"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(endpoint);
        listener.Listen(1);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(endpoint);
        _server = new FrameConnection(new SocketTransport(listener.Accept()), new Echo(this));
        _client = new FrameConnection(new SocketTransport(socket), new Caller(this));
        _server.Start();
        _client.Start();
        Run();
        if (_wrong)
        {
            throw new InvalidOperationException("The echo is not what was sent.");
        }
    }

    [Benchmark(OperationsPerInvoke = RoundTrips)]
    public void Run()
    {
        _done.Reset();
        _left = RoundTrips - Streams;
        _underWay = Streams;
        for (var i = 0; i < Streams; i++)
        {
            Send((uint)i + 1, SendTime.Now);
        }

        _done.Wait();
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _client?.Dispose();
        _server?.Dispose();
        _done.Dispose();
        _directory?.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    private void Send(uint streamId, SendTime time)
    {
        if (!_client!.TrySendPayload(FrameType.Invoke, FrameFlags.Whole, streamId, _payload, default, time))
        {
            throw new InvalidOperationException("There was no credit, though at most 64 small frames are under way.");
        }
    }

    private sealed class Echo(ConnectionRoundTrip owner) : IFrameHandler
    {
        public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            if (header.Type == FrameType.Invoke)
            {
                if (!owner._server!.TrySendPayload(FrameType.End, FrameFlags.None, header.StreamId, payload, default, SendTime.AtBatchEnd))
                {
                    throw new ProtocolException("There was no credit for an answer.");
                }
            }
        }

        public void OnEnd(ConnectionEnd end)
        {
        }
    }

    // On the client's reader alone once the first frames are sent, so nothing of it needs a lock.
    private sealed class Caller(ConnectionRoundTrip owner) : IFrameHandler
    {
        public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
        {
            if (header.Type != FrameType.End)
            {
                return;
            }

            owner._wrong |= payload.Length != owner.MessageBytes || payload[^1] != 42;
            if (Interlocked.Decrement(ref owner._left) >= 0)
            {
                owner.Send(header.StreamId, SendTime.AtBatchEnd);
            }
            else if (Interlocked.Decrement(ref owner._underWay) == 0)
            {
                owner._done.Set();
            }
        }

        public void OnEnd(ConnectionEnd end)
        {
        }
    }
}
