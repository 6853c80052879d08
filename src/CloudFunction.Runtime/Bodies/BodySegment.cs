using System.Buffers;

namespace CloudFunction.Runtime.Bodies;

/// <summary>A pooled piece of a body in memory.</summary>
internal sealed class BodySegment : ReadOnlySequenceSegment<byte>
{
    private readonly byte[] _array;
    private int _length;

    public BodySegment(int size) => _array = ArrayPool<byte>.Shared.Rent(size);

    /// <summary>Where there is room.</summary>
    public Span<byte> Free => _array.AsSpan(_length);

    /// <summary>Counts what was written there.</summary>
    public void Advance(int bytes)
    {
        _length += bytes;
        Memory = _array.AsMemory(0, _length);
    }

    /// <summary>Puts another piece behind this one, which gets no more bytes.</summary>
    public void Append(BodySegment next)
    {
        next.RunningIndex = RunningIndex + _length;
        Next = next;
    }

    /// <summary>Gives the memory back.</summary>
    public void Return() => ArrayPool<byte>.Shared.Return(_array);
}
