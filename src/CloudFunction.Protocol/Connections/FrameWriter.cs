using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Protocol.Connections;

/// <summary>
/// Collects frames and sends many with one system call. Whoever adds a frame while nobody sends becomes the sender, for what others add
/// meanwhile too; so at low load a frame leaves at once on its own thread, and at high load batches form by themselves.
/// A sender never blocks: where the transport is full, a thread of the writer's own goes on. Thread safe.
/// </summary>
/// <param name="transport">Where the bytes go.</param>
/// <param name="onFailed">Called once, when sending fails.</param>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore is only waited on without a handle, so there is nothing to dispose.")]
internal sealed class FrameWriter(Transport transport, Action<Exception> onFailed)
{
    // Enough for about a hundred small frames; a larger frame gets a segment of its own.
    private const int SegmentBytes = 16 * 1024;
    private const int MaxSpareSegments = 4;

    // A cancel for each of 65,535 streams, and some. More wait only where the peer reads nothing and has itself answered all the same: urgent
    // frames cost no credit, so nothing else bounds the answers to a flood of pings.
    private const int MaxUrgentBytes = 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Queue<Segment> _urgent = new();
    private readonly Queue<Segment> _pending = new();
    private readonly Stack<byte[]> _spare = new(MaxSpareSegments);
    private Segment? _tail;
    private Segment? _urgentTail;
    private Segment? _stalled;
    private SemaphoreSlim? _sendingThreadWake;
    private bool _sending;
    private bool _ended;
    private long _queuedBytes;
    private long _urgentBytes;

    /// <summary>Bytes added and not yet taken by the transport.</summary>
    public long QueuedBytes => Volatile.Read(ref _queuedBytes);

    /// <summary>Adds a frame without sending it; the caller sees to it that <see cref="Flush"/> follows soon.</summary>
    public void Append(FrameType type, FrameFlags flags, uint streamId, ReadOnlySpan<byte> payload) =>
        Append(type, flags, streamId, payload, default);

    /// <summary>Adds a frame whose payload is in two parts, without sending it.</summary>
    public void Append(FrameType type, FrameFlags flags, uint streamId, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            AppendLocked(type, flags, streamId, head, body);
        }
    }

    /// <summary>Adds a frame and sends it.</summary>
    public void Write(FrameType type, FrameFlags flags, uint streamId, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        lock (_lock)
        {
            AppendLocked(type, flags, streamId, head, body);
            if (_sending || _ended)
            {
                return;
            }

            _sending = true;
        }

        SendQueued();
    }

    /// <summary>Adds a frame that goes out before all that are waiting, and sends it: for pings, cancels, credit and drain.</summary>
    public void WriteUrgent(FrameType type, uint streamId, ReadOnlySpan<byte> payload)
    {
        bool flooded;
        lock (_lock)
        {
            if (_ended)
            {
                return;
            }

            var size = FrameHeader.Size + payload.Length;
            flooded = _urgentBytes + size > MaxUrgentBytes;
            if (!flooded)
            {
                if (_urgentTail is null || _urgentTail.Free < size)
                {
                    _urgentTail = NewSegment(size);
                    _urgent.Enqueue(_urgentTail);
                }

                _urgentTail.Add(new FrameHeader(payload.Length, streamId, type, FrameFlags.None), payload, default);
                _queuedBytes += size;
                _urgentBytes += size;
                if (_sending)
                {
                    return;
                }

                _sending = true;
            }
        }

        if (flooded)
        {
            End();
            onFailed(new IOException($"The peer does not read: {MaxUrgentBytes} bytes of urgent frames wait to be sent."));
            return;
        }

        SendQueued();
    }

    /// <summary>Sends what was appended.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_sending || _ended || (_pending.Count == 0 && _urgent.Count == 0))
            {
                return;
            }

            _sending = true;
        }

        SendQueued();
    }

    /// <summary>Drops what is queued and ends the sending thread.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            _pending.Clear();
            _urgent.Clear();
            _tail = _urgentTail = null;
            _queuedBytes = _urgentBytes = 0;
            _sendingThreadWake?.Release();
        }
    }

    private void AppendLocked(FrameType type, FrameFlags flags, uint streamId, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (_ended)
        {
            return;
        }

        var length = head.Length + body.Length;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, FrameHeader.MaxPayloadBytes, nameof(body));
        var size = FrameHeader.Size + length;
        if (_tail is null || _tail.Free < size)
        {
            _tail = NewSegment(size);
            _pending.Enqueue(_tail);
        }

        _tail.Add(new FrameHeader(length, streamId, type, flags), head, body);
        _queuedBytes += size;
    }

    private Segment NewSegment(int size)
    {
        if (size > SegmentBytes)
        {
            return new Segment(ArrayPool<byte>.Shared.Rent(size), pooled: true);
        }

        return new Segment(_spare.TryPop(out var spare) ? spare : new byte[SegmentBytes], pooled: false);
    }

    // Runs on whoever set _sending, which stays set until the queue is empty or the sending thread has taken over.
    private void SendQueued()
    {
        try
        {
            while (TakeNext() is { } segment)
            {
                while (segment.Sent < segment.Length)
                {
                    var sent = transport.TrySend(segment.Unsent);
                    if (sent == 0)
                    {
                        HandOver(segment);
                        return;
                    }

                    segment.Sent += sent;
                }

                Recycle(segment);
            }
        }
        catch (IOException e)
        {
            End();
            onFailed(e);
        }
    }

    private Segment? TakeNext()
    {
        lock (_lock)
        {
            if (!_ended && _urgent.TryDequeue(out var segment))
            {
                _urgentTail = ReferenceEquals(segment, _urgentTail) ? null : _urgentTail;
                _urgentBytes -= segment.Length;
                return segment;
            }

            if (_ended || !_pending.TryDequeue(out segment))
            {
                _sending = false;
                return null;
            }

            _tail = ReferenceEquals(segment, _tail) ? null : _tail;
            return segment;
        }
    }

    private void Recycle(Segment segment)
    {
        if (segment.Pooled)
        {
            ArrayPool<byte>.Shared.Return(segment.Buffer);
        }

        lock (_lock)
        {
            _queuedBytes -= segment.Length;
            if (!segment.Pooled && _spare.Count < MaxSpareSegments)
            {
                _spare.Push(segment.Buffer);
            }
        }
    }

    private void HandOver(Segment segment)
    {
        lock (_lock)
        {
            _stalled = segment;
            if (_sendingThreadWake is null)
            {
                _sendingThreadWake = new SemaphoreSlim(0);
                new Thread(RunSendingThread) { IsBackground = true, Name = "CloudFunction sender" }.Start();
            }

            _sendingThreadWake.Release();
        }
    }

    private void RunSendingThread()
    {
        try
        {
            while (true)
            {
                _sendingThreadWake!.Wait();
                Segment? segment;
                lock (_lock)
                {
                    if (_ended)
                    {
                        return;
                    }

                    segment = _stalled;
                    _stalled = null;
                }

                while (segment is not null)
                {
                    transport.Send(segment.Unsent);
                    segment.Sent = segment.Length;
                    Recycle(segment);
                    segment = TakeNext();
                }
            }
        }
        catch (IOException e)
        {
            End();
            onFailed(e);
        }
    }

    private sealed class Segment(byte[] buffer, bool pooled)
    {
        public byte[] Buffer { get; } = buffer;

        public bool Pooled { get; } = pooled;

        public int Length { get; private set; }

        public int Sent { get; set; }

        public int Free => Buffer.Length - Length;

        public ReadOnlySpan<byte> Unsent => Buffer.AsSpan(Sent, Length - Sent);

        public void Add(in FrameHeader header, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
        {
            var target = Buffer.AsSpan(Length);
            header.Write(target);
            head.CopyTo(target[FrameHeader.Size..]);
            body.CopyTo(target[(FrameHeader.Size + head.Length)..]);
            Length += FrameHeader.Size + head.Length + body.Length;
        }
    }
}
