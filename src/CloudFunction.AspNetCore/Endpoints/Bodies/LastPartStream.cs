using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Projects.Uploads;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>The part that is to be the form's last, read to its end. The end is reached only once nothing follows it in the form: a
/// form that is broken, or has more in it, ends the reading with an <see cref="ApiException"/>, so that nobody takes the part for whole
/// before the form is.</summary>
internal sealed class LastPartStream(MultipartForm form, Stream part) : ForwardStream
{
    private bool _ended;

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

    // The server's body is read asynchronously alone.
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
