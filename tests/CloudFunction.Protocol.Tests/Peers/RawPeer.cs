using System.Collections.Concurrent;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Transports;

namespace CloudFunction.Protocol.Tests.Peers;

/// <summary>The other end of a connection, frame by frame: what a test sends is what it says, right or wrong.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Transport _transport;
    private readonly BlockingCollection<Frame> _frames = [];
    private readonly ConcurrentQueue<string> _seen = new();
    private readonly Lock _sending = new();
    private int _reading;

    /// <param name="transport">Owned from now on.</param>
    /// <param name="reading">Whether it reads; else from <see cref="StartReading"/> on.</param>
    public RawPeer(Transport transport, bool reading = true)
    {
        _transport = transport;
        if (reading)
        {
            StartReading();
        }
    }

    public void StartReading()
    {
        if (Interlocked.Exchange(ref _reading, 1) == 0)
        {
            new Thread(Read) { IsBackground = true, Name = "test peer" }.Start();
        }
    }

    public void Send(FrameType type, uint streamId, ReadOnlySpan<byte> payload, FrameFlags flags = FrameFlags.None) =>
        SendBytes(new Frame(type, streamId, payload.ToArray(), flags).ToBytes());

    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        lock (_sending)
        {
            _transport.Send(bytes);
        }
    }

    public void SendCredit(uint streamId, int bytes) => Send(FrameType.Credit, streamId, BitConverter.GetBytes(bytes));

    /// <summary>The next frame of any type.</summary>
    public Frame Next() => TryNext() ?? throw new InvalidOperationException($"The connection has ended. Seen: {Seen}");

    /// <summary>The next frame of that type, whatever others come before it.</summary>
    public Frame Next(FrameType type)
    {
        Frame frame;
        do
        {
            frame = Next();
        }
        while (frame.Type != type);
        return frame;
    }

    /// <summary>The next frame; null once the connection has ended.</summary>
    public Frame? TryNext()
    {
        if (_frames.TryTake(out var frame, Patience.Bound))
        {
            return frame;
        }

        Assert.True(_frames.IsCompleted, $"No frame came within {Patience.Bound.TotalSeconds} s. Seen: {Seen}");
        return null;
    }

    public void Dispose() => _transport.Close();

    private string Seen => string.Join("; ", _seen.TakeLast(30));

    private void Read()
    {
        try
        {
            var header = new byte[FrameHeader.Size];
            while (Fill(header))
            {
                var h = FrameHeader.Read(header);
                var payload = new byte[h.Length];
                if (!Fill(payload))
                {
                    break;
                }

                var frame = new Frame(h.Type, h.StreamId, payload, h.Flags);
                _seen.Enqueue(frame.ToString());
                _frames.Add(frame);
            }
        }
        catch (Exception e)
        {
            _seen.Enqueue(e.ToString()); // Told by the test that waits for a frame.
        }

        _frames.CompleteAdding();
    }

    private bool Fill(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var received = _transport.Receive(buffer);
            if (received == 0)
            {
                return false;
            }

            buffer = buffer[received..];
        }

        return true;
    }
}
