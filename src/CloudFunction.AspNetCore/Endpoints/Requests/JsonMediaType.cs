using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>Whether a body claims to be JSON, in UTF-8 and as it is.</summary>
internal static class JsonMediaType
{
    private const string Fix = "add -H 'Content-Type: application/json'";

    /// <summary>The refusal (415), or null. A request that names no media type is taken at its word to be JSON.</summary>
    public static ApiError? Check(HttpRequest request)
    {
        if (CheckEncoding(request) is { } refusal)
        {
            return refusal;
        }

        var contentType = request.ContentType;
        return contentType is null or "application/json" or "" ? null : CheckParsed(contentType);
    }

    /// <summary>The refusal (415) of a body, of whatever kind, that was compressed on the way; or null.</summary>
    public static ApiError? CheckEncoding(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } encoding && !IsIdentity(encoding.ToString())
            ? Refuse("Content-Encoding", "must be absent or identity: send the body uncompressed")
            : null;

    private static ApiError? CheckParsed(string contentType)
    {
        if (!MediaTypeHeaderValue.TryParse(contentType, out var type) || !IsJson(type))
        {
            return contentType.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase)
                ? Refuse("Content-Type", $"is that of a form, curl's default for -d; the body must be JSON: {Fix}")
                : Refuse("Content-Type", $"must be application/json: {Fix}");
        }

        var charset = HeaderUtilities.RemoveQuotes(type.Charset);
        // The second is no registered name, and is what many clients send.
        return charset.Length == 0
            || charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
            || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
            ? null
            : Refuse("Content-Type", "must be JSON in UTF-8, with no other charset");
    }

    private static bool IsJson(MediaTypeHeaderValue type) =>
        type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        || type.MediaType.Equals("text/json", StringComparison.OrdinalIgnoreCase)
        || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase);

    private static bool IsIdentity(string encoding) =>
        encoding.Length == 0 || encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static ApiError Refuse(string header, string reason) =>
        ApiError.Invalid(header, reason, StatusCodes.Status415UnsupportedMediaType);
}
