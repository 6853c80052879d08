using System.Buffers.Binary;
using CloudFunction.Protocol.Frames;

namespace CloudFunction.Protocol.Tests.Frames;

public class FrameHeaderTests
{
    [Fact]
    public void Read_OfWhatWriteWrote_IsTheSame()
    {
        var header = new FrameHeader(FrameHeader.MaxPayloadBytes, 0xFEDCBA98, FrameType.Drain, FrameFlags.Whole | FrameFlags.HttpHead);
        var bytes = new byte[FrameHeader.Size];
        header.Write(bytes);
        Assert.Equal(header, FrameHeader.Read(bytes));
    }

    [Theory]
    [InlineData(FrameHeader.MaxPayloadBytes + 1u)]
    [InlineData(0x8000_0000u)]
    [InlineData(uint.MaxValue)]
    public void Read_LengthBeyondTheLimit_IsRefusedBeforeAnythingIsAllocated(uint length)
    {
        var bytes = Valid();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, length);
        Assert.Throws<ProtocolException>(() => FrameHeader.Read(bytes));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ProtocolException>(() => FrameHeader.Read(bytes));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 32 * 1024);
    }

    [Theory]
    [InlineData(0)]
    [InlineData((byte)FrameType.Trailers + 1)]
    [InlineData(255)]
    public void Read_UnknownType_IsRefused(byte type)
    {
        var bytes = Valid();
        bytes[8] = type;
        Assert.Contains($"{type}", Assert.Throws<ProtocolException>(() => FrameHeader.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(0x80)]
    [InlineData(0xFF)]
    public void Read_UnknownFlag_IsRefused(byte flags)
    {
        var bytes = Valid();
        bytes[9] = flags;
        Assert.Throws<ProtocolException>(() => FrameHeader.Read(bytes));
    }

    private static byte[] Valid()
    {
        var bytes = new byte[FrameHeader.Size];
        new FrameHeader(1, 1, FrameType.Data, FrameFlags.None).Write(bytes);
        return bytes;
    }
}
