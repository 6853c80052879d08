using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;

namespace CloudFunction.Protocol.Tests.Messages;

public class MessageAssemblerTests
{
    private readonly MessageAssembler _assembler = new();

    [Fact]
    public void Add_OneFrame_IsTheMessage()
    {
        Assert.True(_assembler.Add(Header(FrameType.Ready), [1, 2], out var message));
        Assert.Equal([1, 2], message.ToArray());
    }

    [Fact]
    public void Add_SeveralFrames_AreJoinedAndTheNextMessageIsOnItsOwn()
    {
        Assert.False(_assembler.Add(Header(FrameType.Ready, FrameFlags.More), [1], out _));
        Assert.False(_assembler.Add(Header(FrameType.Ready, FrameFlags.More), [], out _));
        Assert.True(_assembler.Add(Header(FrameType.Ready), [2, 3], out var message));
        Assert.Equal([1, 2, 3], message.ToArray());
        Assert.True(_assembler.Add(Header(FrameType.LoadFailed), [4], out message));
        Assert.Equal([4], message.ToArray());
    }

    [Fact]
    public void Add_AnotherTypeInTheMiddle_IsAProtocolError()
    {
        _assembler.Add(Header(FrameType.Ready, FrameFlags.More), [1], out _);
        Assert.Throws<ProtocolException>(() => _assembler.Add(Header(FrameType.LoadFailed), [2], out _));
    }

    [Fact]
    public void Add_WithoutEnd_IsRefusedAtTheLimit()
    {
        var part = new byte[FrameHeader.MaxPayloadBytes];
        for (var total = 0; total + part.Length <= MessageAssembler.MaxBytes; total += part.Length)
        {
            _assembler.Add(Header(FrameType.Ready, FrameFlags.More), part, out _);
        }

        Assert.Throws<ProtocolException>(() => _assembler.Add(Header(FrameType.Ready, FrameFlags.More), [1], out _));
    }

    private static FrameHeader Header(FrameType type, FrameFlags flags = FrameFlags.None) => new(0, 0, type, flags);
}
