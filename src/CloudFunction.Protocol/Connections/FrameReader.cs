using System.Diagnostics;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Protocol.Connections;

/// <summary>
/// Reads frames on a thread of its own and hands them over on that very thread, so that a function or a continuation may run with no
/// further wake-up. When such foreign code keeps the thread for longer than a tick of <see cref="ReaderWatch"/>, another thread takes the
/// reading over where it stopped, and the first one leaves as soon as it comes back: at any time exactly one thread is the reader.
/// </summary>
internal sealed class FrameReader
{
    private const int BufferBytes = 80 * 1024; // Holds the largest frame and stays below the large object heap.
    private static readonly long MaxHeldTicks = Stopwatch.Frequency / 10_000; // 100 µs: how long replies wait for the batch's end.

    private readonly Transport _transport;
    private readonly FrameWriter _writer;
    private readonly IFrameHandler _handler;
    private readonly Action<ConnectionEnd> _onEnd;
    private readonly Action<ConnectionEnd> _onSupersededFailure;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private int _waiting;
    private int _start;
    private int _end;

    // Who reads: twice the number of takeovers so far, plus 1 while that reader is in foreign code. Whoever changes it with a compare
    // and exchange from the value it knows is, or makes, the reader.
    private long _leadership;
    private long _entries;
    private long _seenLeadership;
    private long _seenEntries;

    /// <param name="transport">Where the bytes come from.</param>
    /// <param name="writer">Flushed after each batch of frames.</param>
    /// <param name="handler">Receives the frames.</param>
    /// <param name="onEnd">Called by the last reader, once there is nothing more to read.</param>
    /// <param name="onSupersededFailure">Called where a thread fails that no longer is the reader: closes the transport, so that
    /// the reader ends.</param>
    public FrameReader(
        Transport transport, FrameWriter writer, IFrameHandler handler, Action<ConnectionEnd> onEnd, Action<ConnectionEnd> onSupersededFailure)
    {
        _onSupersededFailure = onSupersededFailure;
        _transport = transport;
        _writer = writer;
        _handler = handler;
        _onEnd = onEnd;
    }

    /// <summary>How often foreign code kept the reader too long.</summary>
    public long Takeovers => Volatile.Read(ref _leadership) >> 1;

    /// <summary>Whether the reader waits for bytes. While it does not, it flushes the writer before it waits again, or its successor does.</summary>
    public bool Waiting => Volatile.Read(ref _waiting) != 0;

    /// <summary>Begins to read.</summary>
    public void Start()
    {
        ReaderWatch.Shared.Add(this);
        StartThread(0);
    }

    /// <summary>Called on the reader before foreign code. The frame at hand may be overwritten from now on.</summary>
    /// <returns>What <see cref="Exit"/> wants.</returns>
    public long Enter()
    {
        _entries++;
        var leadership = _leadership;
        Interlocked.Exchange(ref _leadership, leadership | 1); // A full fence: the watch reads it, or is found parked.
        ReaderWatch.Shared.Wake();
        return leadership;
    }

    /// <summary>Called after foreign code.</summary>
    /// <returns>Whether this thread still is the reader. If not, it must return without touching the connection's reading side.</returns>
    public bool Exit(long leadership) => Interlocked.CompareExchange(ref _leadership, leadership, leadership | 1) == (leadership | 1);

    /// <summary>Called at each tick of the watch: starts another reader where foreign code has been running since the last one.</summary>
    /// <returns>Whether there was anything to watch since the last tick.</returns>
    public bool Inspect()
    {
        var leadership = Volatile.Read(ref _leadership);
        var entries = Volatile.Read(ref _entries);
        var active = entries != _seenEntries || (leadership & 1) != 0;
        if ((leadership & 1) != 0 && leadership == _seenLeadership && entries == _seenEntries)
        {
            var next = leadership + 1; // The next even number: the next reader, not in foreign code.
            if (Interlocked.CompareExchange(ref _leadership, next, leadership) == leadership)
            {
                StartThread(next);
            }
        }

        _seenLeadership = leadership;
        _seenEntries = entries;
        return active;
    }

    private void StartThread(long leadership) =>
        new Thread(() => Run(leadership)) { IsBackground = true, Name = "CloudFunction reader" }.Start();

    private void Run(long leadership)
    {
        ConnectionEnd end;
        try
        {
            _writer.Flush(); // What the reader before this one may have left.
            if (!ReadFrames(leadership))
            {
                return;
            }

            end = new ConnectionEnd(ConnectionEndReason.PeerClosed, _start == _end
                ? "The peer closed the connection."
                : $"The peer closed the connection in the middle of a frame ({_end - _start} bytes of it came).");
        }
        catch (ProtocolException e)
        {
            end = new ConnectionEnd(ConnectionEndReason.ProtocolError, e.Message);
        }
        catch (IOException e)
        {
            end = new ConnectionEnd(ConnectionEndReason.TransportFailed, e.Message);
        }
        catch (Exception e)
        {
            // The edge of the loop: a defect of the handler ends this connection, not the process with all its other ones.
            end = new ConnectionEnd(ConnectionEndReason.TransportFailed, $"Handling a frame failed: {e}");
        }

        if (Volatile.Read(ref _leadership) != leadership && !Exit(leadership))
        {
            // It failed on its way out of foreign code, while its successor may be handling a frame: the end is the successor's to report.
            _onSupersededFailure(end);
            return;
        }

        ReaderWatch.Shared.Remove(this);
        _onEnd(end);
    }

    // False: another thread reads on. True: the peer has ended.
    private bool ReadFrames(long leadership)
    {
        while (true)
        {
            if (!DispatchBuffered(leadership))
            {
                return false;
            }

            MakeRoom();
            Interlocked.Exchange(ref _waiting, 1); // Before the flush: who adds a frame after it finds that nobody else will send it.
            _writer.Flush();

            // Whoever is to answer what was just sent goes first, where it wants this core: what it adds meanwhile comes in the next batch,
            // which costs one wake-up instead of many. With the core to itself this thread goes on at once.
            Thread.Yield();
            var received = _transport.Receive(_buffer.AsSpan(_end));
            Volatile.Write(ref _waiting, 0);
            if (received == 0)
            {
                return true;
            }

            _end += received;
        }
    }

    private bool DispatchBuffered(long leadership)
    {
        long began = 0;
        while (_end - _start >= FrameHeader.Size)
        {
            var header = FrameHeader.Read(_buffer.AsSpan(_start));
            var size = FrameHeader.Size + header.Length;
            if (_end - _start < size)
            {
                break;
            }

            var payload = _buffer.AsSpan(_start + FrameHeader.Size, header.Length);
            _start += size;
            _handler.OnFrame(header, payload);
            if (Volatile.Read(ref _leadership) != leadership)
            {
                return false;
            }

            if (_writer.QueuedBytes == 0)
            {
                began = 0;
            }
            else if (began == 0)
            {
                began = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetTimestamp() - began > MaxHeldTicks)
            {
                _writer.Flush();
                began = 0;
            }
        }

        return true;
    }

    private void MakeRoom()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_buffer.Length - _start < FrameHeader.Size + FrameHeader.MaxPayloadBytes)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
    }
}
