using System.Buffers.Binary;

namespace CloudFunction.Protocol.Frames;

/// <summary>The ten bytes before each frame's payload: length (4, little endian), stream id (4), type (1), flags (1).</summary>
/// <param name="Length">Bytes of payload, at most <see cref="MaxPayloadBytes"/>.</param>
/// <param name="StreamId">Which stream; 0 is the connection itself.</param>
/// <param name="Type">What the frame is.</param>
/// <param name="Flags">What it states of itself.</param>
internal readonly record struct FrameHeader(int Length, uint StreamId, FrameType Type, FrameFlags Flags)
{
    /// <summary>Bytes of a header.</summary>
    public const int Size = 10;

    /// <summary>The largest payload of a frame. A longer one is refused before anything is allocated for it.</summary>
    public const int MaxPayloadBytes = 64 * 1024;

    private const FrameFlags KnownFlags = FrameFlags.Whole | FrameFlags.More | FrameFlags.HttpHead;

    /// <summary>Reads a header from the first <see cref="Size"/> bytes.</summary>
    /// <exception cref="ProtocolException">The length is out of bounds, or the type or a flag is unknown.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> source)
    {
        var length = BinaryPrimitives.ReadUInt32LittleEndian(source);
        var streamId = BinaryPrimitives.ReadUInt32LittleEndian(source[4..]);
        var type = (FrameType)source[8];
        var flags = (FrameFlags)source[9];
        if (length > MaxPayloadBytes)
        {
            throw new ProtocolException($"A frame announces {length} bytes; at most {MaxPayloadBytes} are allowed.");
        }

        if (type is < FrameType.Hello or > FrameType.Trailers)
        {
            throw new ProtocolException($"Unknown frame type {(byte)type}.");
        }

        if ((flags & ~KnownFlags) != 0)
        {
            throw new ProtocolException($"Unknown flags 0x{(byte)flags:x2} on a frame of type {type}.");
        }

        return new FrameHeader((int)length, streamId, type, flags);
    }

    /// <summary>Writes the header to the first <see cref="Size"/> bytes.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)Length);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], StreamId);
        destination[8] = (byte)Type;
        destination[9] = (byte)Flags;
    }
}
