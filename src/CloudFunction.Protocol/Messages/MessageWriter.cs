using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace CloudFunction.Protocol.Messages;

/// <summary>Writes the fields of a message one after the other: numbers little endian, texts as UTF-8 behind their length.</summary>
internal sealed class MessageWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    private static ReadOnlySpan<byte> Ellipsis => "…"u8;

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

    /// <summary>A text of at most so many bytes: of a longer one its beginning, in whole characters, and an ellipsis.</summary>
    public MessageWriter Text(string? value, int maxBytes)
    {
        // A UTF-16 unit takes one to three bytes, so that the length alone mostly decides.
        if (value is null || value.Length <= maxBytes / 3 || (value.Length <= maxBytes && Encoding.UTF8.GetByteCount(value) <= maxBytes))
        {
            return Text(value);
        }

        var span = _buffer.GetSpan(sizeof(int) + maxBytes);
        Utf8.FromUtf16(value, span.Slice(sizeof(int), maxBytes - Ellipsis.Length), out _, out var written);
        Ellipsis.CopyTo(span[(sizeof(int) + written)..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, written + Ellipsis.Length);
        _buffer.Advance(sizeof(int) + written + Ellipsis.Length);
        return this;
    }

    /// <summary>A value with its kind: a string, long, double, bool or decimal, or null.</summary>
    /// <exception cref="ArgumentException">It is something else.</exception>
    public MessageWriter Value(object? value, int maxTextBytes) => value switch
    {
        null => Byte((byte)ValueKind.Null),
        string text => Byte((byte)ValueKind.Text).Text(text, maxTextBytes),
        long integer => Byte((byte)ValueKind.Integer).Int64(integer),
        double floating => Byte((byte)ValueKind.Floating).Int64(BitConverter.DoubleToInt64Bits(floating)),
        bool boolean => Byte((byte)ValueKind.Boolean).Byte(boolean ? (byte)1 : (byte)0),
        decimal number => Byte((byte)ValueKind.Decimal).Decimal(number),
        _ => throw new ArgumentException($"A message holds no {value.GetType()}.", nameof(value)),
    };

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

    private MessageWriter Decimal(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        return Int32(parts[0]).Int32(parts[1]).Int32(parts[2]).Int32(parts[3]);
    }
}
