using System.Buffers;

namespace CloudFunction.Worker.Functions;

/// <summary>An HTTP function's response body: what is written asynchronously leaves at once, what is written synchronously with the next
/// flush, asynchronous write, or the end.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="begin">Sends status and headers unless they were sent, given how long the body has become and whether that is all of it; throws, and
/// sends nothing, where that is not what was announced.</param>
internal sealed class ResponseStream(IHttpOutput output, Action<long, bool> begin) : Stream
{
    // As much as an asynchronous writer would have under way; beyond it synchronous code gets an error.
    private const int MaxPendingBytes = 4 << 20;

    private ArrayBufferWriter<byte>? _pending;
    private long _sent;

    /// <summary>How many bytes were written and have not left.</summary>
    public int PendingBytes => _pending?.WrittenCount ?? 0;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        begin(_sent + PendingBytes + buffer.Length, false);
        await SendPendingAsync(cancellationToken).ConfigureAwait(false);
        if (!buffer.IsEmpty)
        {
            await output.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
            _sent += buffer.Length;
        }
    }

    /// <summary>Sends what has not left. Nothing may be written after it.</summary>
    /// <exception cref="InvalidOperationException">The body is not as long as announced.</exception>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        begin(_sent + PendingBytes, true);
        await SendPendingAsync(cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        begin(_sent + PendingBytes, false);
        await SendPendingAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _pending ??= new ArrayBufferWriter<byte>();
        if (_pending.WrittenCount + buffer.Length > MaxPendingBytes)
        {
            throw new InvalidOperationException(
                $"More than {MaxPendingBytes >> 20} MB were written synchronously and wait to be sent: use WriteAsync or FlushAsync, which "
                + "wait for the client.");
        }

        _pending.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // It cannot wait; what was written leaves with the next asynchronous call or the end.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask SendPendingAsync(CancellationToken cancellationToken)
    {
        if (_pending is { WrittenCount: > 0 } pending)
        {
            await output.WriteAsync(pending.WrittenMemory, cancellationToken).ConfigureAwait(false);
            _sent += pending.WrittenCount;
            pending.ResetWrittenCount();
        }
    }
}
