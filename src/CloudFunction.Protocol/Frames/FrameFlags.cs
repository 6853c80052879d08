namespace CloudFunction.Protocol.Frames;

/// <summary>What a frame states of itself. Unknown flags are a protocol error.</summary>
[Flags]
internal enum FrameFlags : byte
{
    None = 0,

    /// <summary>On <see cref="FrameType.Invoke"/>: the payload is whole, no data follows.</summary>
    Whole = 1,

    /// <summary>On a message of stream 0: it goes on in the next frame of the same type.</summary>
    More = 2,

    /// <summary>On <see cref="FrameType.Invoke"/>: an HTTP request's head stands between the header and the payload.</summary>
    HttpHead = 4,
}
