using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Testing.Http;

/// <summary>The body of an HTTP function's response, as it comes. It owns the call.</summary>
/// <param name="result">The call.</param>
/// <param name="response">Given the trailers once the body is whole.</param>
internal sealed class ResultStream(InvocationResult result, HttpResponseMessage response) : Stream
{
    private int _read;
    private int _disposed;
    private bool _complete;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var left = cancellationToken.UnsafeRegister(static state => ((InvocationResult)state!).Cancel(), result);
        while (_read == result.Payload.Length)
        {
            if (result.IsComplete)
            {
                AddTrailers();
                return 0;
            }

            await FunctionTestHost.ReadOnAsync(result, cancellationToken).ConfigureAwait(false);
            _read = 0;
        }

        var count = Math.Min(buffer.Length, result.Payload.Length - _read);
        result.Payload.Slice(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
        // Nothing is written.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ = EndAsync(); // The request's body may still be on its way; nobody waits for that here.
        }

        base.Dispose(disposing);
    }

    private async Task EndAsync()
    {
        await result.StopSendingAsync().ConfigureAwait(false);
        result.Dispose();
    }

    private void AddTrailers()
    {
        if (!_complete)
        {
            _complete = true;
            foreach (var (name, value) in result.Trailers)
            {
                response.TrailingHeaders.TryAddWithoutValidation(name, value);
            }
        }
    }
}
