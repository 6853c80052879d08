using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CloudFunction.Protocol.Messages;

/// <summary>Writes the fields of a message one after the other: numbers little endian, texts as UTF-8 behind their length.</summary>
internal sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>What was written so far.</summary>
    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public MessageWriter Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
        return this;
    }

    public MessageWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_buffer.GetSpan(sizeof(int)), value);
        _buffer.Advance(sizeof(int));
        return this;
    }

    public MessageWriter Int64(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer.GetSpan(sizeof(long)), value);
        _buffer.Advance(sizeof(long));
        return this;
    }

    public MessageWriter UInt128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
        return this;
    }

    /// <summary>A text, or null, which is not the empty text.</summary>
    public MessageWriter Text(string? value)
    {
        if (value is null)
        {
            return Int32(-1);
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Int32(length);
        Encoding.UTF8.GetBytes(value, _buffer.GetSpan(length));
        _buffer.Advance(length);
        return this;
    }

    public MessageWriter Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>Pairs of texts, in order.</summary>
    public MessageWriter Headers(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        Int32(headers.Count);
        foreach (var (name, value) in headers)
        {
            Text(name).Text(value);
        }

        return this;
    }
}
