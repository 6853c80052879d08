namespace CloudFunction.Protocol.Connections;

/// <summary>How many bytes may be under way. Both sides use the same numbers.</summary>
internal static class CreditWindows
{
    /// <summary>Bytes that may be under way on one stream in one direction. 64 KB: a whole frame, and a loopback round trip's worth.</summary>
    public const int StreamBytes = Frames.FrameHeader.MaxPayloadBytes;

    /// <summary>Bytes that may be under way on the connection in one direction: 16 MB, that is 256 streams with full windows. Only what
    /// is in use takes memory.</summary>
    public const int ConnectionBytes = 256 * StreamBytes;
}
