using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>
/// An answer as it is stored under an Idempotency-Key: one byte for the format, two for the status, one for the media type's length, the media type, the body.
/// </summary>
internal sealed class StoredAnswer
{
    /// <summary>Says that an answer was another call's.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const byte Format = 1;
    private const int HeadLength = 4;

    private readonly int _bodyStart;

    private StoredAnswer(ReadOnlyMemory<byte> bytes)
    {
        Bytes = bytes;
        _bodyStart = HeadLength + bytes.Span[3];
    }

    /// <summary>All of it, for the store.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The HTTP status.</summary>
    public int Status => BinaryPrimitives.ReadUInt16BigEndian(Bytes.Span[1..]);

    /// <summary>The media type.</summary>
    public string ContentType => Encoding.ASCII.GetString(Bytes.Span[HeadLength.._bodyStart]);

    /// <summary>The body as it was sent.</summary>
    public ReadOnlyMemory<byte> Body => Bytes[_bodyStart..];

    /// <summary>An answer in JSON.</summary>
    /// <param name="status">The HTTP status.</param>
    /// <param name="bodyLength">How long the body may be expected to be.</param>
    /// <param name="writeBody">Writes it.</param>
    public static StoredAnswer Json(int status, int bodyLength, Action<IBufferWriter<byte>> writeBody)
    {
        var contentType = JsonResponse.ContentType.ToString();
        var buffer = new ArrayBufferWriter<byte>(HeadLength + contentType.Length + Math.Max(bodyLength, 0));
        var head = buffer.GetSpan(HeadLength);
        head[0] = Format;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)status);
        head[3] = (byte)contentType.Length;
        buffer.Advance(HeadLength);
        Encoding.ASCII.GetBytes(contentType, buffer);
        writeBody(buffer);
        return new StoredAnswer(buffer.WrittenMemory);
    }

    /// <summary>Reads what was stored.</summary>
    /// <exception cref="InvalidDataException">It is none, or of a later version.</exception>
    public static StoredAnswer Read(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= HeadLength && bytes.Span[0] == Format && bytes.Length >= HeadLength + bytes.Span[3]
            ? new StoredAnswer(bytes)
            : throw new InvalidDataException("The outcome stored under an Idempotency-Key is not in a format that this version of the host reads.");

    /// <summary>Sends it.</summary>
    public async Task WriteAsync(HttpContext context, bool isReplayed)
    {
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (isReplayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }

        response.ContentLength = Body.Length;
        await response.Body.WriteAsync(Body, context.RequestAborted).ConfigureAwait(false);
    }
}
