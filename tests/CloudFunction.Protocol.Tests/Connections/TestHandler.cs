using System.Collections.Concurrent;
using CloudFunction.Protocol.Connections;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Tests.Peers;

namespace CloudFunction.Protocol.Tests.Connections;

/// <summary>Keeps the frames that it is given, and lets a test do more with them.</summary>
internal sealed class TestHandler : IFrameHandler
{
    private int _ends;

    public ConcurrentQueue<Frame> Frames { get; } = new();

    /// <summary>Run on the reader for each frame.</summary>
    public Action<Frame>? Handle { get; set; }

    public int Ends => Volatile.Read(ref _ends);

    public void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Assert.Equal(0, Ends);
        var frame = new Frame(header.Type, header.StreamId, payload.ToArray(), header.Flags);
        Frames.Enqueue(frame);
        Handle?.Invoke(frame);
    }

    public void OnEnd(ConnectionEnd end) => Interlocked.Increment(ref _ends);
}
