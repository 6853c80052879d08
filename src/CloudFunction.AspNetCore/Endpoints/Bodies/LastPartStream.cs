namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>The part that is to be the form's last, read to its end. The end is reached only once nothing follows it in the form: a form that is broken, or
/// has more in it, ends the reading with an <see cref="ApiException"/>, so that nobody takes the part for whole before the form is.</summary>
internal sealed class LastPartStream(MultipartForm form, Stream part) : Stream
{
    private bool _ended;

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
        if (_ended || buffer.IsEmpty)
        {
            return 0;
        }

        var read = await form.GuardAsync(() => part.ReadAsync(buffer, cancellationToken).AsTask()).ConfigureAwait(false);
        if (read == 0)
        {
            // The form may have this field alone: whatever follows throws.
            await form.NextAsync().ConfigureAwait(false);
            _ended = true;
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // The server's body is read asynchronously alone.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
