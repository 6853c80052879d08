using System.Globalization;
using System.Net.Http.Headers;

namespace CloudFunction.Runtime.Tasks.Callbacks;

/// <summary>What a receiver's answer means.</summary>
internal static class CallbackResponses
{
    /// <summary>Reads the head of an answer; nothing in its body counts.</summary>
    public static CallbackOutcome Read(HttpResponseMessage response, DateTimeOffset now)
    {
        var status = response.StatusCode;
        var verdict = (int)status switch
        {
            >= 200 and < 300 => CallbackVerdict.Delivered,
            410 => CallbackVerdict.Gone,

            // Redirects are not followed: one could lead anywhere. A permanent one asks for another URL, a passing one may have passed.
            301 or 308 => CallbackVerdict.Rejected,

            // What a receiver answers while it is deployed, its keys are changed, or it is busy.
            401 or 403 or 404 or 408 or 409 or 421 or 423 or 425 or 429 => CallbackVerdict.Retry,

            // The same bytes would get the same answer.
            >= 400 and < 500 => CallbackVerdict.Rejected,
            _ => CallbackVerdict.Retry,
        };
        return new CallbackOutcome(
            verdict,
            string.Create(CultureInfo.InvariantCulture, $"the receiver answered {(int)status}{(Enum.IsDefined(status) ? $" ({status})" : "")}"),
            verdict == CallbackVerdict.Retry ? ReadRetryAfter(response.Headers.RetryAfter, now) : null);
    }

    private static TimeSpan? ReadRetryAfter(RetryConditionHeaderValue? header, DateTimeOffset now) =>
        header?.Delta ?? (header?.Date is { } date && date > now ? date - now : null);
}
