using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>
/// Reads on, for a moment, a body that was refused by its announced length. A connection that is closed on bytes that nobody has read is reset, and
/// a reset may overtake the answer: the client would get a broken connection and no reason.
/// </summary>
internal static class RefusedBody
{
    // Most of what is too large is a little too large; who sends more than this, or slowly, may get the reset.
    private const long MaxBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);

    /// <summary>Sends the answer that was written and then drops what the client sends.</summary>
    public static async Task DrainAsync(HttpContext context, TimeProvider time)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null; // The server's own limit would end the reading before it began.
        }

        using var timeout = new CancellationTokenSource(MaxTime, time);
        try
        {
            await context.Response.CompleteAsync().ConfigureAwait(false);
            for (long dropped = 0; dropped < MaxBytes;)
            {
                var read = await context.Request.BodyReader.ReadAsync(timeout.Token).ConfigureAwait(false);
                dropped += read.Buffer.Length;
                context.Request.BodyReader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client is gone, or too slow: it has been answered as well as can be.
        }
    }
}
