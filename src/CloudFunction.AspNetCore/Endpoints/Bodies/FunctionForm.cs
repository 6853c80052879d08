using System.Text;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Protocol;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>The form with which one function is deployed. Each of its fields may be text or a file.</summary>
internal static class FunctionForm
{
    /// <summary>The largest code: more than the longest file that anybody keeps by hand, and little enough to be held whole.</summary>
    public const int MaxCodeBytes = 1 << 20;

    /// <summary>The largest other field: a hundred times what anybody writes.</summary>
    public const int MaxTextBytes = 64 * 1024;

    /// <summary>The largest form: its fields at their largest.</summary>
    public const long MaxBytes = MaxCodeBytes + (3 * MaxTextBytes);

    private const string Name = "function_name";
    private const string Code = "code";
    private const string Requirements = "requirements";
    private const string Variables = "env_vars";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads it whole.</summary>
    /// <exception cref="ApiException">It is something else, or too large.</exception>
    public static async Task<FunctionUpload> ReadAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type) || !MultipartForm.Is(type))
        {
            throw new ApiException(ApiError.Invalid(
                "Content-Type", $"must be multipart/form-data with the fields {Name} and {Code}: use curl's -F",
                StatusCodes.Status415UnsupportedMediaType));
        }

        if (JsonMediaType.CheckEncoding(context.Request) is { } refusal)
        {
            throw new ApiException(refusal);
        }

        UnreadBody.CheckLength(context, isForm: true);
        var form = MultipartForm.Open(context, type, Name, Code, Requirements, Variables);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await form.NextAsync().ConfigureAwait(false) is { } part)
        {
            var text = await ReadTextAsync(form, part, context.RequestAborted).ConfigureAwait(false);
            if (text.Length > 0 || part.FileName != "")
            {
                fields.Add(part.Name, text);
            }
        }

        return Make(fields);
    }

    private static FunctionUpload Make(Dictionary<string, string> fields)
    {
        var missing = new[] { Name, Code }.Where(name => string.IsNullOrWhiteSpace(fields.GetValueOrDefault(name))).ToArray();
        if (missing.Length > 0)
        {
            throw ApiException.Refuse(missing[0], missing.Length == 1 ? "is missing or empty" : $"is missing or empty, and so is {missing[1]}");
        }

        return NameRule.IsValid(fields[Name])
            ? new FunctionUpload(fields[Name], fields[Code], fields.GetValueOrDefault(Requirements), fields.GetValueOrDefault(Variables))
            : throw ApiException.Refuse(Name, $"must be {NameRule.Text}");
    }

    private static async Task<string> ReadTextAsync(MultipartForm form, MultipartPart part, CancellationToken cancellationToken)
    {
        var limit = part.Name == Code ? MaxCodeBytes : MaxTextBytes;
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        while (await form.GuardAsync(() => part.Body.ReadAsync(buffer, cancellationToken).AsTask()).ConfigureAwait(false) is var read and > 0)
        {
            text.Write(buffer, 0, read);
            if (text.Length > limit)
            {
                throw new ApiException(ApiError.TooLarge(part.Name, limit));
            }
        }

        try
        {
            // A byte order mark is an editor's, not the text's.
            return StrictUtf8.GetString(text.GetBuffer(), 0, (int)text.Length).TrimStart('\uFEFF');
        }
        catch (DecoderFallbackException exception)
        {
            throw ApiException.Refuse(part.Name, "must be text in UTF-8", exception);
        }
    }
}
