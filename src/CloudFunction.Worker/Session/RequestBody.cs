using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.Protocol.Connections;

namespace CloudFunction.Worker.Session;

/// <summary>An HTTP function's request body as it comes in: the host sends more once the function has read what is there. Written by the
/// connection's reader, read by one reader.</summary>
internal sealed class RequestBody(FrameConnection connection, RunningInvocation invocation) : Stream
{
    // What is under way is bounded by the stream's credit. The function goes on on a thread of the pool, never on the connection's reader.
    private readonly Pipe _pipe = new(new PipeOptions(
        pauseWriterThreshold: 0, resumeWriterThreshold: 0, readerScheduler: PipeScheduler.ThreadPool, useSynchronizationContext: false));
    private readonly Lock _lock = new();
    private bool _isReading;
    private bool _isOver;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes a part.</summary>
    public void Receive(ReadOnlySpan<byte> part, bool last)
    {
        lock (_lock)
        {
            // Where it is over, nobody reads it any more.
            if (!_isOver)
            {
                _pipe.Writer.Write(part);
                _pipe.Writer.FlushAsync().AsTask(); // Never waits: there is no threshold.
                if (last)
                {
                    _pipe.Writer.Complete();
                }

            }
        }
    }

    /// <summary>The caller is gone, or its time is up: reads fail from now on.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _pipe.Writer.Complete(new IOException("The request was cancelled before its body was complete."));
            }
        }
    }

    /// <summary>The function has ended: what it did not read is thrown away, and so is what still comes.</summary>
    public void End()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            _pipe.Writer.Complete();
            if (_isReading)
            {
                _pipe.Reader.CancelPendingRead(); // Of somebody whom the function has left behind.
            }
            else
            {
                _pipe.Reader.Complete();
            }
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Begin();
        var length = 0;
        try
        {
            var read = await _pipe.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            var part = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, buffer.Length));
            length = (int)part.Length;
            part.CopyTo(buffer.Span);
            _pipe.Reader.AdvanceTo(part.End);
        }
        finally
        {
            Consume(length);
        }

        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The request's body comes over the network: read it with ReadAsync, or with methods that do.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private void Begin()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_isOver, this); // The function has ended.
            _isReading = true;
        }
    }

    private void Consume(int bytes)
    {
        lock (_lock)
        {
            _isReading = false;
            if (_isOver || bytes == 0)
            {
                return;
            }
        }

        if (invocation.ReleaseReceiveCredit(bytes) is > 0 and var grant)
        {
            connection.SendCreditFrame(invocation.StreamId, grant);
        }
    }
}
