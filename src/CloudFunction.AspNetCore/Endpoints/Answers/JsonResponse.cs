using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Transfers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

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
            await WriteAsync(context, buffer.WrittenMemory).ConfigureAwait(false);
        }
    }

    // What fits the server's own buffer never waits for the client.
    private static async ValueTask WriteAsync(HttpContext context, ReadOnlyMemory<byte> document)
    {
        if (document.Length <= ResponseBody.PieceBytes)
        {
            context.Response.BodyWriter.Write(document.Span);
            return;
        }

        var services = context.RequestServices;
        var limits = TransferLimits.OfBody(services.GetRequiredService<ServerSettings>().Options);
        await ResponseBody.Begin(context, project: "", services.GetRequiredService<TransferWatch>(), limits)
            .WriteAsync(document).ConfigureAwait(false);
    }
}
