using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>Writes one JSON document as the whole response, with its length.</summary>
internal static class JsonResponse
{
    /// <summary>RFC 8259, section 8.1: JSON between systems is UTF-8, and the media type has no charset.</summary>
    public static readonly StringValues ContentType = "application/json";

    // What is written is never put into HTML, so text stays as people wrote it.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a document and sends nothing.</summary>
    public static void Write<TState>(IBufferWriter<byte> buffer, TState state, Action<Utf8JsonWriter, TState> write)
    {
        using var json = new Utf8JsonWriter(buffer, Options);
        write(json, state);
    }

    public static async Task WriteAsync<TState>(HttpContext context, int status, TState state, Action<Utf8JsonWriter, TState> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, state, write);

        var response = context.Response;
        response.StatusCode = status;
        response.Headers.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        response.ContentLength = buffer.WrittenCount;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
        }
    }
}
