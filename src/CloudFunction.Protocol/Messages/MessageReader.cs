using System.Buffers.Binary;
using System.Text;

namespace CloudFunction.Protocol.Messages;

/// <summary>Reads the fields of a message in the order in which <see cref="MessageWriter"/> wrote them. Every read is bounded by
/// what is there.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>How many bytes have not been read.</summary>
    public readonly int Left => _rest.Length;

    public byte Byte() => Take(1)[0];

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public UInt128 UInt128() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    /// <summary>A text or null.</summary>
    public string? OptionalText()
    {
        var length = Int32();
        return length == -1 ? null : Encoding.UTF8.GetString(Take(length));
    }

    /// <summary>A text.</summary>
    public string Text() => OptionalText() ?? throw new ProtocolException("A message lacks a text that it must have.");

    /// <summary>A value with its kind: a string, long, double, bool or decimal, or null.</summary>
    public object? Value() => (ValueKind)Byte() switch
    {
        ValueKind.Null => null,
        ValueKind.Text => Text(),
        ValueKind.Integer => Int64(),
        ValueKind.Floating => BitConverter.Int64BitsToDouble(Int64()),
        ValueKind.Boolean => Byte() != 0,
        ValueKind.Decimal => Decimal(),
        var kind => throw new ProtocolException($"A message has a value of an unknown kind, {(byte)kind}."),
    };

    public ReadOnlySpan<byte> Bytes() => Take(Int32());

    /// <summary>How many items follow, where each takes at least <paramref name="itemBytes"/>: more than fit are refused before
    /// anything is allocated.</summary>
    public int Count(int itemBytes)
    {
        var count = Int32();
        return count >= 0 && (long)count * itemBytes <= _rest.Length
            ? count
            : throw new ProtocolException($"A message announces {count} items and has {_rest.Length} bytes left.");
    }

    /// <summary>Pairs of texts.</summary>
    public KeyValuePair<string, string>[] Headers()
    {
        var headers = new KeyValuePair<string, string>[Count(itemBytes: 2 * sizeof(int))];
        for (var i = 0; i < headers.Length; i++)
        {
            headers[i] = new(Text(), Text());
        }

        return headers;
    }

    /// <summary>Checks that nothing is left.</summary>
    public readonly void End()
    {
        if (!_rest.IsEmpty)
        {
            throw new ProtocolException($"A message has {_rest.Length} bytes too many.");
        }
    }

    private decimal Decimal()
    {
        ReadOnlySpan<int> parts = [Int32(), Int32(), Int32(), Int32()];
        try
        {
            return new decimal(parts);
        }
        catch (ArgumentException)
        {
            throw new ProtocolException("A message has four words that are no decimal number.");
        }
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            throw new ProtocolException($"A message ends early: {length} bytes were expected, {_rest.Length} are left.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
