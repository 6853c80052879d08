using CloudFunction.AspNetCore.Errors;
using CloudFunction.Protocol;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>Checks all of an invoke request but its body.</summary>
internal static class InvokeParameters
{
    /// <summary>The header with a caller's own key of a call.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    // Room for two UUIDs and a prefix, many times over; only its hash is kept.
    private const int MaxKeyLength = 255;

    /// <summary>The refusal, or null with the caller's own limit and, where it asks for more than a plain synchronous call, its terms.</summary>
    public static ApiError? Check(
        HttpContext context, string? project, string? function, long maxRequestBytes, out TimeSpan? timeout, out InvokeTerms? terms)
    {
        timeout = null;
        terms = null;
        if (!NameRule.IsValid(project))
        {
            return ApiError.InvalidName("project");
        }

        if (!NameRule.IsValid(function))
        {
            return ApiError.InvalidName("function");
        }

        var request = context.Request;
        var refusal = CheckKey(request.Headers, out var key) ?? JsonMediaType.Check(request);
        if (refusal is null && request.ContentLength > maxRequestBytes)
        {
            refusal = ApiError.BodyTooLarge(maxRequestBytes, "MAX_REQUEST_BYTES");
        }

        if (refusal is not null)
        {
            return refusal;
        }

        var isPreference = PreferHeader.AsksForAsync(request.Headers["Prefer"]);
        if (request.QueryString.HasValue)
        {
            refusal = InvokeQuery.Check(request.Query, key, isPreference, out timeout, out terms);
        }
        else if (isPreference || key is not null)
        {
            terms = new InvokeTerms { IsAsync = isPreference, IsPreference = isPreference, IdempotencyKey = key };
        }

        return refusal;
    }

    private static ApiError? CheckKey(IHeaderDictionary headers, out string? key)
    {
        key = null;
        if (!headers.TryGetValue(IdempotencyKey, out var values))
        {
            return null;
        }

        key = values.Count == 1 ? values[0] : null;
        return key is { Length: > 0 and <= MaxKeyLength } && key.All(static character => character is > ' ' and < '\x7f')
            ? null
            : ApiError.Invalid(IdempotencyKey, $"must be there once, with 1 to {MaxKeyLength} visible ASCII characters, such as a UUID");
    }
}
