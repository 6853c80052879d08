using System.Text;
using CloudFunction.Protocol.Frames;

namespace CloudFunction.Protocol.Tests.Peers;

/// <summary>A frame as it is on the wire.</summary>
internal sealed record Frame(FrameType Type, uint StreamId, byte[] Payload, FrameFlags Flags = FrameFlags.None)
{
    public string Text => Encoding.UTF8.GetString(Payload);

    public byte[] ToBytes()
    {
        var bytes = new byte[FrameHeader.Size + Payload.Length];
        new FrameHeader(Payload.Length, StreamId, Type, Flags).Write(bytes);
        Payload.CopyTo(bytes, FrameHeader.Size);
        return bytes;
    }

    public override string ToString() => $"{Type} on {StreamId} with {Payload.Length} bytes";
}
