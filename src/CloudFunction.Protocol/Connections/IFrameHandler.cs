using CloudFunction.Protocol.Frames;

namespace CloudFunction.Protocol.Connections;

/// <summary>What receives a connection's frames, one after the other.</summary>
internal interface IFrameHandler
{
    /// <summary>
    /// One frame. Runs on the reader, so it must not block; before it calls code that might (a function, a caller's continuation) it
    /// calls <see cref="FrameConnection.EnterForeignCode"/>, and from then on leaves <paramref name="payload"/> alone, since the next
    /// reader may overwrite it.
    /// </summary>
    /// <exception cref="ProtocolException">The frame makes no sense here; the connection ends.</exception>
    void OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload);

    /// <summary>The connection has ended. Called once, after the last frame.</summary>
    void OnEnd(ConnectionEnd end);
}
