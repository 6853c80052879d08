using System.Buffers.Binary;
using System.Text;

namespace CloudFunction.Protocol.Messages;

/// <summary>What stands before the payload in an invoke frame.</summary>
/// <param name="Function">The function's number in <see cref="ReadyMessage.Functions"/>.</param>
/// <param name="InvocationId">The invocation's id.</param>
/// <param name="RemainingMilliseconds">How long it may take from now on.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
/// <param name="TraceParent">The caller's W3C trace context, at most 255 ASCII characters, or null.</param>
/// <param name="Items">How items are to be written, if the function is a streaming one.</param>
internal readonly record struct InvokeHeader(
    int Function, UInt128 InvocationId, long RemainingMilliseconds, int Attempt, string? TraceParent, ItemEncoding Items = ItemEncoding.Array)
{
    /// <summary>The longest header.</summary>
    public const int MaxBytes = FixedBytes + byte.MaxValue;

    private const int FixedBytes = 2 + 16 + 8 + 2 + 1 + 1;

    /// <summary>Writes the header.</summary>
    /// <returns>How many bytes it took.</returns>
    public int Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)Function);
        BinaryPrimitives.WriteUInt128LittleEndian(destination[2..], InvocationId);
        BinaryPrimitives.WriteInt64LittleEndian(destination[18..], RemainingMilliseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[26..], (ushort)Attempt);
        var trace = TraceParent is { Length: <= byte.MaxValue } text
            ? Encoding.ASCII.GetBytes(text, destination[FixedBytes..])
            : 0;
        destination[28] = (byte)trace;
        destination[29] = (byte)Items;
        return FixedBytes + trace;
    }

    /// <summary>Reads the header; the payload begins behind it.</summary>
    /// <exception cref="ProtocolException">The frame is too short for it.</exception>
    public static InvokeHeader Read(ReadOnlySpan<byte> source, out int length)
    {
        if (source.Length < FixedBytes || source.Length < FixedBytes + source[28])
        {
            throw new ProtocolException($"An invoke frame of {source.Length} bytes is too short for its header.");
        }

        var trace = source[28];
        var format = (ItemEncoding)source[29];
        if (format > ItemEncoding.Events)
        {
            throw new ProtocolException($"An invoke frame asks for a result in an unknown format, {source[29]}.");
        }

        length = FixedBytes + trace;
        return new InvokeHeader(
            BinaryPrimitives.ReadUInt16LittleEndian(source),
            BinaryPrimitives.ReadUInt128LittleEndian(source[2..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[18..]),
            BinaryPrimitives.ReadUInt16LittleEndian(source[26..]),
            trace == 0 ? null : Encoding.ASCII.GetString(source.Slice(FixedBytes, trace)),
            format);
    }
}
