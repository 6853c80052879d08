using System.Buffers;
using CloudFunction.Protocol.Frames;

namespace CloudFunction.Protocol.Messages;

/// <summary>Puts a message together that came in several frames. For one reader.</summary>
internal sealed class MessageAssembler
{
    /// <summary>The longest message: thousands of functions with their schemas.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private ArrayBufferWriter<byte>? _parts;
    private FrameType _type;

    /// <summary>Adds a frame of stream 0.</summary>
    /// <returns>Whether the frame was the last of its message, which is then whole, and valid until the next call.</returns>
    /// <exception cref="ProtocolException">Another message began before this one ended, or it is too long.</exception>
    public bool Add(in FrameHeader header, ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> message)
    {
        if (_parts is { WrittenCount: > 0 } && header.Type != _type)
        {
            throw new ProtocolException($"A message of type {header.Type} came in the middle of one of type {_type}.");
        }

        var more = header.Flags.HasFlag(FrameFlags.More);
        if (!more && _parts is null)
        {
            message = payload;
            return true;
        }

        _parts ??= new ArrayBufferWriter<byte>();
        if (_parts.WrittenCount + payload.Length > MaxBytes)
        {
            throw new ProtocolException($"A message of type {header.Type} is longer than {MaxBytes} bytes.");
        }

        _type = header.Type;
        _parts.Write(payload);
        if (more)
        {
            message = default;
            return false;
        }

        message = _parts.WrittenSpan;
        _parts = null;
        return true;
    }
}
