using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>A body of multipart/form-data, read part by part and never held whole. Each field may be there once, and no others may.</summary>
internal sealed class MultipartForm
{
    /// <summary>What boundaries and headers may add around the fields: some hundred bytes each, as clients write them.</summary>
    public const long FramingBytes = 64 * 1024;

    private const string MediaType = "multipart/form-data";

    // RFC 2046, section 5.1.1.
    private const int MaxBoundaryLength = 70;

    // A part has three at most (RFC 7578, section 4.8). The bytes bound what comes before the first boundary and after the last one, too.
    private const int MaxPartHeaders = 16;
    private const int MaxPartHeaderBytes = 8 * 1024;

    // As large as what the server hands over at a time; MultipartReader's own 4 KB make it search an archive in many small steps.
    private const int BufferBytes = 64 * 1024;

    private readonly MultipartReader _reader;
    private readonly string[] _fields;
    private readonly CancellationToken _aborted;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    private MultipartForm(HttpContext context, string boundary, string[] fields)
    {
        _reader = new MultipartReader(boundary, context.Request.Body, BufferBytes)
        {
            HeadersCountLimit = MaxPartHeaders,
            HeadersLengthLimit = MaxPartHeaderBytes,
        };
        _fields = fields;
        _aborted = context.RequestAborted;
    }

    /// <summary>Whether a media type is that of such a body.</summary>
    public static bool Is(MediaTypeHeaderValue type) => type.MediaType.Equals(MediaType, StringComparison.OrdinalIgnoreCase);

    /// <summary>Begins to read one, which may have only fields of these names.</summary>
    /// <exception cref="ApiException">The media type has no boundary, or one that is too long.</exception>
    public static MultipartForm Open(HttpContext context, MediaTypeHeaderValue type, params string[] fields)
    {
        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary);
        return boundary.Length is > 0 and <= MaxBoundaryLength
            ? new MultipartForm(context, boundary.ToString(), fields)
            : throw new ApiException(ApiError.Invalid(
                "Content-Type", $"must have a boundary of 1 to {MaxBoundaryLength} characters; curl's -F and every form library write one"));
    }

    /// <summary>The next part, whose body is to be read before the one after it is asked for; null at the end.</summary>
    /// <exception cref="ApiException">The form is broken, or the part is none that it may have.</exception>
    public async Task<MultipartPart?> NextAsync()
    {
        var section = await GuardAsync(() => _reader.ReadNextSectionAsync(_aborted)).ConfigureAwait(false);
        if (section is null)
        {
            return null;
        }

        var disposition = section.GetContentDispositionHeader();
        if (disposition is null || !disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiException.Refuse("body", "has a part without 'Content-Disposition: form-data; name=…'");
        }

        var name = HeaderUtilities.RemoveQuotes(disposition.Name).ToString();
        return !_fields.Contains(name, StringComparer.Ordinal)
            ? throw ApiException.Refuse(name, $"is unknown; the form may have {string.Join(", ", _fields)}")
            : !_seen.Add(name) ? throw ApiException.Refuse(name, "must be there once")
            : new MultipartPart(name, HeaderUtilities.RemoveQuotes(disposition.FileName).Value, section.Body);
    }

    /// <summary>Reads, and reports to the caller what is wrong with the form.</summary>
    /// <exception cref="ApiException">The form is broken.</exception>
    public async Task<T> GuardAsync<T>(Func<Task<T>> read)
    {
        try
        {
            return await read().ConfigureAwait(false);
        }
        catch (InvalidDataException exception)
        {
            throw ApiException.Refuse("body", $"is not valid {MediaType}: {exception.Message}", exception);
        }
        catch (IOException exception) when (exception is not (BadHttpRequestException or ConnectionResetException)
            && !_aborted.IsCancellationRequested)
        {
            throw ApiException.Refuse("body", $"is not valid {MediaType}: it ends before its last boundary", exception);
        }
    }
}
