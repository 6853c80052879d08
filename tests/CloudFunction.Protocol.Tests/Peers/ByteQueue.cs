namespace CloudFunction.Protocol.Tests.Peers;

/// <summary>One direction of a connection in memory: bounded, with reads and writes that block.</summary>
internal sealed class ByteQueue(int capacity)
{
    private readonly Queue<byte> _bytes = new();
    private bool _ended;

    public int Read(Span<byte> buffer)
    {
        lock (_bytes)
        {
            while (_bytes.Count == 0 && !_ended)
            {
                Monitor.Wait(_bytes);
            }

            var count = 0;
            while (count < buffer.Length && _bytes.TryDequeue(out var b))
            {
                buffer[count++] = b;
            }

            Monitor.PulseAll(_bytes);
            return count;
        }
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        lock (_bytes)
        {
            foreach (var b in data)
            {
                while (_bytes.Count >= capacity && !_ended)
                {
                    Monitor.Wait(_bytes);
                }

                if (_ended)
                {
                    throw new IOException("The other end is closed.");
                }

                _bytes.Enqueue(b);
                if (_bytes.Count == 1)
                {
                    Monitor.PulseAll(_bytes);
                }
            }
        }
    }

    public void End()
    {
        lock (_bytes)
        {
            _ended = true;
            Monitor.PulseAll(_bytes);
        }
    }
}
