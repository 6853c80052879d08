using CloudFunction.AspNetCore.Transfers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>Writes a response's body in pieces, each of which leaves before the next is written; a short one leaves as a whole, with the
/// response's end.</summary>
internal sealed class PiecedBody(ResponseBody body)
{
    private int _pending;
    private bool _hasFlushed;

    /// <summary>Begins the body of a stored document, which takes no room of anybody's: it is read as it leaves.</summary>
    public static PiecedBody Begin(HttpContext context)
    {
        var services = context.RequestServices;
        var limits = TransferLimits.OfBody(services.GetRequiredService<ServerSettings>().Options);
        return new PiecedBody(ResponseBody.Begin(context, project: "", services.GetRequiredService<TransferWatch>(), limits));
    }

    /// <summary>Sends the rest of a body that has begun to leave: the server itself sends only what it has not begun with.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or took too long.</exception>
    public ValueTask CompleteAsync() => _hasFlushed ? body.FlushAsync() : ValueTask.CompletedTask;

    /// <summary>Writes any number of bytes.</summary>
    /// <exception cref="OperationCanceledException">The client is gone, or took too long.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_pending == ResponseBody.PieceBytes)
            {
                await body.FlushAsync().ConfigureAwait(false);
                (_pending, _hasFlushed) = (0, true);
            }

            var count = Math.Min(bytes.Length, ResponseBody.PieceBytes - _pending);
            body.Write(bytes.Span[..count]);
            _pending += count;
            bytes = bytes[count..];
        }
    }
}
