using System.Buffers;

namespace CloudFunction.Worker.Session;

/// <summary>Bytes in pooled segments: a payload as it comes in, or a result as it is written, bounded. Not thread safe.</summary>
/// <param name="maxBytes">More than this throws.</param>
/// <param name="tooLarge">Makes the exception for it.</param>
internal sealed class PayloadBuffer(long maxBytes, Func<long, Exception> tooLarge) : IBufferWriter<byte>, IDisposable
{
    // Small messages take one small array; large ones segments that fill a frame each.
    private const int FirstSegmentBytes = 1024;
    private const int SegmentBytes = Protocol.Frames.FrameHeader.MaxPayloadBytes;

    // The JSON writer asks for three bytes for each UTF-16 unit of a string (the most that UTF-8 needs) and mostly uses one.
    private const long MaxHintFactor = 3;

    private Segment? _first;
    private Segment? _last;
    private Segment? _marked;
    private int _markedUsed;
    private long _length;
    private long _markedLength;

    /// <summary>How many bytes were written.</summary>
    public long Length => _length;

    /// <summary>What was written. Valid until the next write or dispose.</summary>
    public ReadOnlySequence<byte> Written
    {
        get
        {
            if (_first is null)
            {
                return ReadOnlySequence<byte>.Empty;
            }

            if (ReferenceEquals(_first, _last))
            {
                return new ReadOnlySequence<byte>(_first.Array, 0, _first.Used);
            }

            long index = 0;
            for (var segment = _first; segment is not null; segment = segment.Following)
            {
                index = segment.Link(index);
            }

            return new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Used);
        }
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        var segment = SegmentFor(sizeHint);
        return segment.Array.AsMemory(segment.Used);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        var segment = SegmentFor(sizeHint);
        return segment.Array.AsSpan(segment.Used);
    }

    public void Advance(int count)
    {
        _length += count;
        if (_length > maxBytes)
        {
            throw tooLarge(maxBytes);
        }

        _last!.Used += count;
    }

    /// <summary>Remembers what was written so far, for <see cref="Rewind"/>.</summary>
    public void Mark()
    {
        _marked = _last;
        _markedUsed = _last?.Used ?? 0;
        _markedLength = _length;
    }

    /// <summary>Forgets what was written since <see cref="Mark"/>.</summary>
    public void Rewind()
    {
        if (_marked is null)
        {
            Clear();
            return;
        }

        Return(_marked.Following);
        _marked.Following = null;
        _marked.Used = _markedUsed;
        _last = _marked;
        _length = _markedLength;
    }

    /// <summary>Forgets all that was written.</summary>
    public void Clear()
    {
        Dispose();
        _length = 0;
    }

    public void Dispose()
    {
        Return(_first);
        _first = _last = _marked = null;
    }

    private static void Return(Segment? segment)
    {
        for (; segment is not null; segment = segment.Following)
        {
            ArrayPool<byte>.Shared.Return(segment.Array);
        }
    }

    private Segment SegmentFor(int sizeHint)
    {
        sizeHint = Math.Max(sizeHint, 1);
        if (_last is not null && _last.Array.Length - _last.Used >= sizeHint)
        {
            return _last;
        }

        // A hint that no result within the limit gives is refused here, before the memory is taken.
        if (sizeHint > (MaxHintFactor * maxBytes) + SegmentBytes)
        {
            throw tooLarge(maxBytes);
        }

        var segment = new Segment(ArrayPool<byte>.Shared.Rent(Math.Max(sizeHint, _first is null ? FirstSegmentBytes : SegmentBytes)));
        if (_last is null)
        {
            _first = segment;
        }
        else
        {
            _last.Following = segment;
        }

        return _last = segment;
    }

    private sealed class Segment(byte[] array) : ReadOnlySequenceSegment<byte>
    {
        public byte[] Array { get; } = array;

        public int Used { get; set; }

        public Segment? Following { get; set; }

        public long Link(long index)
        {
            Memory = Array.AsMemory(0, Used);
            RunningIndex = index;
            Next = Following;
            return index + Used;
        }
    }
}
