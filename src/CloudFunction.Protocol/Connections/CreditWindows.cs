namespace CloudFunction.Protocol.Connections;

/// <summary>How many bytes may be under way. Both sides use the same numbers.</summary>
internal static class CreditWindows
{
    /// <summary>Bytes that may be under way on one stream in one direction. 64 KB: a whole frame, and a loopback round trip's worth.</summary>
    public const int StreamBytes = Frames.FrameHeader.MaxPayloadBytes;

    /// <summary>Bytes that may be under way on the connection in one direction, sent and not yet taken off the socket by the other side: 16
    /// MB, that is 256 streams with full windows. Only what is in use takes memory.</summary>
    public const int ConnectionBytes = 256 * StreamBytes;

    /// <summary>Bytes of log records that a worker may have under way. 512 KB: eight of the longest, or some thousand short ones, which bridges
    /// a slow moment of the host's disk; and a hundred workers that flood it take 50 MB of the host at most.</summary>
    public const int LogBytes = 512 * 1024;

    /// <summary>So many bytes of log records are given back together. A quarter of the window: few frames, and what is kept back never stops
    /// a worker, since the rest holds several of the longest records.</summary>
    public const int LogCreditBytes = LogBytes / 4;
}
