using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>The archive in the body of a deploy: the body itself, or the part <c>file</c> of a form.</summary>
internal static class ArchiveBody
{
    private const string Field = "file";
    private const string Fix =
        "send a zip archive as 'Content-Type: application/zip', or as the field 'file' of multipart/form-data; or send no body, to deploy "
        + "the project's folder";

    // What browsers, Windows and clients that do not care name a zip archive.
    private static readonly string[] ArchiveTypes = ["application/zip", "application/x-zip-compressed", "application/octet-stream"];

    /// <summary>The archive, to be read once and not held by anybody; null where there is no body, and so the folder is meant.</summary>
    /// <exception cref="ApiException">It is something else, or announced as larger than MAX_UPLOAD_BYTES.</exception>
    public static async Task<Stream?> OpenAsync(HttpContext context)
    {
        var request = context.Request;
        var isTyped = MediaTypeHeaderValue.TryParse(request.ContentType, out var type);
        var isForm = isTyped && MultipartForm.Is(type!);
        if (!isForm && !(isTyped && ArchiveTypes.Contains(type!.MediaType.Value, StringComparer.OrdinalIgnoreCase)))
        {
            // An empty body that claims to be an archive is a broken archive; one that claims anything else is how some clients write "no body".
            return await UnreadBody.IsEmptyAsync(context).ConfigureAwait(false)
                ? null
                : throw new ApiException(ApiError.Invalid("Content-Type", Fix, StatusCodes.Status415UnsupportedMediaType));
        }

        if (JsonMediaType.CheckEncoding(request) is { } refusal)
        {
            throw new ApiException(refusal);
        }

        UnreadBody.CheckLength(context, isForm);
        return isForm ? await OpenFormAsync(context, type!).ConfigureAwait(false) : request.Body;
    }

    private static async Task<Stream> OpenFormAsync(HttpContext context, MediaTypeHeaderValue type)
    {
        var form = MultipartForm.Open(context, type, Field);
        return await form.NextAsync().ConfigureAwait(false) is { } part
            ? new LastPartStream(form, part.Body)
            : throw ApiException.Refuse(Field, "is missing: the form must have the archive in this field");
    }
}
