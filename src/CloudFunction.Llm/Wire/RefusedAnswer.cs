using System.Net;

namespace CloudFunction.Llm.Wire;

/// <summary>Reads an answer whose status is that of an error, or of a redirect.</summary>
internal static class RefusedAnswer
{
    // Far more than an error that a person reads.
    private const int MaxBytes = 64 * 1024;

    /// <summary>The exception for it, with the reason out of its body.</summary>
    public static async ValueTask<AnswerException> ReadAsync(HttpResponseMessage response, TimeProvider time, CancellationToken cancellationToken)
    {
        var body = new byte[MaxBytes];
        var length = 0;
        try
        {
            var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                for (var read = -1; read != 0 && length < MaxBytes; length += read)
                {
                    read = await stream.ReadAsync(body.AsMemory(length), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or OperationCanceledException)
        {
            // The status is known, and counts without a reason, or with half of one. Whose token fired is for the caller to find.
        }

        var status = response.StatusCode;
        var reason = response.Headers.Location is { } location ? $"it redirects to {location.OriginalString}"
            : length > 0 ? ReportedError.Of(body.AsSpan(0, length)).Reason
            : response.ReasonPhrase is { Length: > 0 } phrase ? phrase
            : "it gave no reason";
        return new AnswerException(AnswerFault.Refused, reason, IsTransient(status)) { Status = status, RetryAfter = RetryAfterOf(response, time) };
    }

    private static bool IsTransient(HttpStatusCode status) =>
        status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout || (int)status is >= 500 and < 600;

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response, TimeProvider time) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date > time.GetUtcNow() ? date - time.GetUtcNow() : TimeSpan.Zero,
        _ => null,
    };
}
