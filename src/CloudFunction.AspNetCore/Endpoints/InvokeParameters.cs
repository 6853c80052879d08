using System.Globalization;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>Checks all of an invoke request but its body. Whatever this version cannot do is refused, never passed over.</summary>
internal static class InvokeParameters
{
    private const string NotYet = "is not in this version; only synchronous invocations are";

    // "Can only shorten": a longer one than any function's own limit changes nothing, and this one always fits a TimeSpan.
    private const double MaxTimeoutSeconds = 1e9;

    /// <summary>The refusal, or null with the caller's own limit.</summary>
    public static ApiError? Check(HttpContext context, string? project, string? function, long maxRequestBytes, out TimeSpan? timeout)
    {
        timeout = null;
        if (!ProjectName.IsValid(project))
        {
            return ApiError.InvalidName("project");
        }

        if (!ProjectName.IsValid(function))
        {
            return ApiError.InvalidName("function");
        }

        var request = context.Request;
        var refusal = CheckHeaders(request.Headers) ?? JsonMediaType.Check(request);
        if (refusal is null && request.ContentLength > maxRequestBytes)
        {
            refusal = ApiError.BodyTooLarge(maxRequestBytes, "MAX_REQUEST_BYTES");
        }

        return refusal is null && request.QueryString.HasValue ? CheckQuery(request.Query, out timeout) : refusal;
    }

    private static ApiError? CheckHeaders(IHeaderDictionary headers)
    {
        if (headers.ContainsKey("Idempotency-Key"))
        {
            return ApiError.Invalid("Idempotency-Key", NotYet);
        }

        foreach (var value in headers["Prefer"])
        {
            if (value is not null && value.Contains("respond-async", StringComparison.OrdinalIgnoreCase))
            {
                return ApiError.Invalid("Prefer", "respond-async " + NotYet);
            }
        }

        return null;
    }

    private static ApiError? CheckQuery(IQueryCollection query, out TimeSpan? timeout)
    {
        timeout = null;
        if (query.ContainsKey("callback_url"))
        {
            return ApiError.Invalid("callback_url", NotYet);
        }

        if (query.TryGetValue("mode", out var mode) && mode != "sync")
        {
            return ApiError.Invalid("mode", mode == "async" ? "async " + NotYet : "must be sync");
        }

        if (!query.TryGetValue("timeout", out var texts))
        {
            return null;
        }

        // Two values are joined by a comma here, and so are no number either.
        if (!double.TryParse(texts.ToString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            || !double.IsFinite(seconds)
            || seconds <= 0)
        {
            return ApiError.Invalid("timeout", "must be one number of seconds greater than 0, such as 2.5");
        }

        timeout = TimeSpan.FromTicks(Math.Max(1, (long)(Math.Min(seconds, MaxTimeoutSeconds) * TimeSpan.TicksPerSecond)));
        return null;
    }
}
