using System.Globalization;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>Checks the query of an invoke request. Names that it does not know are skipped: a gateway may have added them.</summary>
internal static class InvokeQuery
{
    // "Can only shorten": a longer one than any function's own limit changes nothing, and this one always fits a TimeSpan.
    private const double MaxTimeoutSeconds = 1e9;

    // The bound of TASK_MAX_ATTEMPTS.
    private const int MaxAttempts = 100;

    // A leap year: what is to run later than that is a matter for a schedule.
    private const int MaxDelayDays = 366;

    private static readonly string[] OfAsync = ["callback_url", "max_attempts", "delay"];

    /// <summary>The refusal, or null with the caller's own limit and, where it asks for more than a plain synchronous call, its terms.</summary>
    public static ApiError? Check(IQueryCollection query, string? key, bool isPreference, out TimeSpan? timeout, out InvokeTerms? terms)
    {
        terms = null;
        if (CheckTimeout(query, out timeout) is { } refusal)
        {
            return refusal;
        }

        var isAsync = isPreference;
        if (query.TryGetValue("mode", out var mode))
        {
            // The query is explicit, and a preference may be ignored (RFC 7240, section 2).
            isPreference = false;
            isAsync = mode == "async";
            if (!isAsync && mode != "sync")
            {
                return ApiError.Invalid("mode", "must be sync or async");
            }
        }

        if (!isAsync)
        {
            terms = key is null ? null : new InvokeTerms { IsAsync = false, IsPreference = false, Timeout = timeout, IdempotencyKey = key };
            return OfAsync.FirstOrDefault(query.ContainsKey) is { } name
                ? ApiError.Invalid(name, "is for asynchronous calls alone: add mode=async")
                : null;
        }

        refusal = CheckAttempts(query, out var attempts);
        refusal = CheckDelay(query, out var delay) ?? refusal;
        refusal = CheckCallback(query, out var callback) ?? refusal;
        terms = new InvokeTerms
        {
            IsAsync = true,
            IsPreference = isPreference,
            Timeout = timeout,
            IdempotencyKey = key,
            MaxAttempts = attempts,
            Delay = delay,
            CallbackUrl = callback,
        };
        return refusal;
    }

    private static ApiError? CheckTimeout(IQueryCollection query, out TimeSpan? timeout)
    {
        timeout = null;
        if (!query.TryGetValue("timeout", out var texts))
        {
            return null;
        }

        // Two values are joined by a comma here, and so are no number either.
        if (!TryParseSeconds(texts.ToString(), out var seconds) || seconds <= 0)
        {
            return ApiError.Invalid("timeout", "must be one number of seconds greater than 0, such as 2.5");
        }

        timeout = TimeSpan.FromTicks(Math.Max(1, (long)(Math.Min(seconds, MaxTimeoutSeconds) * TimeSpan.TicksPerSecond)));
        return null;
    }

    private static ApiError? CheckAttempts(IQueryCollection query, out int? attempts)
    {
        attempts = null;
        if (!query.TryGetValue("max_attempts", out var texts))
        {
            return null;
        }

        if (!int.TryParse(texts.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MaxAttempts)
        {
            return ApiError.Invalid("max_attempts", $"must be one whole number from 1 to {MaxAttempts}");
        }

        attempts = number;
        return null;
    }

    private static ApiError? CheckDelay(IQueryCollection query, out TimeSpan delay)
    {
        delay = default;
        if (!query.TryGetValue("delay", out var texts))
        {
            return null;
        }

        var longest = TimeSpan.FromDays(MaxDelayDays);
        if (!TryParseSeconds(texts.ToString(), out var seconds) || seconds > longest.TotalSeconds)
        {
            return ApiError.Invalid("delay", $"must be one number of seconds from 0 to {(long)longest.TotalSeconds} ({MaxDelayDays} days)");
        }

        delay = TimeSpan.FromSeconds(seconds);
        return null;
    }

    private static ApiError? CheckCallback(IQueryCollection query, out string? url)
    {
        url = null;
        if (!query.TryGetValue("callback_url", out var texts))
        {
            return null;
        }

        url = texts is [{ Length: > 0 } text] ? text : null;
        return url is null ? ApiError.Invalid("callback_url", "must be there once, and not be empty") : null;
    }

    private static bool TryParseSeconds(string text, out double seconds) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) && double.IsFinite(seconds);
}
