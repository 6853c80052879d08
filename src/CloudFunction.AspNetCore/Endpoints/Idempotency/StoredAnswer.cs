using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>
/// An answer as it is stored under an Idempotency-Key: one byte for the format, two for the status, one for the media type's length, the
/// media type, the body. A large one is sent from its file.
/// </summary>
internal sealed class StoredAnswer
{
    /// <summary>Marks an answer as another call's.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private const byte Format = 1;
    private const int HeadLength = 4;
    private const int MaxHeadLength = HeadLength + byte.MaxValue;

    private readonly StoredValue _value;
    private readonly int _bodyStart;

    private StoredAnswer(StoredValue value, ReadOnlySpan<byte> start)
    {
        _value = value;
        _bodyStart = HeadLength + start[3];
        Status = BinaryPrimitives.ReadUInt16BigEndian(start[1..]);
        ContentType = Encoding.ASCII.GetString(start[HeadLength.._bodyStart]);
    }

    /// <summary>The HTTP status.</summary>
    public int Status { get; }

    /// <summary>The media type.</summary>
    public string ContentType { get; }

    /// <summary>All of a new one, for the store.</summary>
    public ReadOnlyMemory<byte> Bytes => _value.Memory ?? throw new InvalidOperationException("It is stored already.");

    /// <summary>An answer in JSON, whose body has about <paramref name="bodyLength"/> bytes.</summary>
    public static StoredAnswer Json(int status, int bodyLength, Action<IBufferWriter<byte>> writeBody)
    {
        var buffer = new ArrayBufferWriter<byte>(MaxHeadLength + Math.Max(bodyLength, 0));
        WriteJsonHead(buffer, status);
        writeBody(buffer);
        return new StoredAnswer(new StoredValue(buffer.WrittenMemory), buffer.WrittenSpan);
    }

    /// <summary>Writes what comes before the body of an answer in JSON.</summary>
    public static void WriteJsonHead(IBufferWriter<byte> output, int status)
    {
        var contentType = JsonResponse.ContentType.ToString();
        var head = output.GetSpan(HeadLength);
        head[0] = Format;
        BinaryPrimitives.WriteUInt16BigEndian(head[1..], (ushort)status);
        head[3] = (byte)contentType.Length;
        output.Advance(HeadLength);
        Encoding.ASCII.GetBytes(contentType, output);
    }

    /// <summary>Reads what was stored, as far as its body.</summary>
    /// <exception cref="InvalidDataException">It is none, or of a later version.</exception>
    /// <exception cref="StoredValueGoneException">It was deleted meanwhile.</exception>
    public static async Task<StoredAnswer> ReadAsync(StoredValue value, CancellationToken cancellationToken)
    {
        using var reader = value.Open();
        var start = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return start.Length >= HeadLength && start.Span[0] == Format && start.Length >= HeadLength + start.Span[3]
            ? new StoredAnswer(value, start.Span)
            : throw new InvalidDataException("The outcome stored under an Idempotency-Key is not in a format that this version of the host reads.");
    }

    /// <summary>Sends it.</summary>
    /// <exception cref="StoredValueGoneException">It was deleted meanwhile; nothing was sent.</exception>
    public async Task WriteAsync(HttpContext context, bool isReplayed)
    {
        using var reader = _value.Open();
        reader.Seek(_bodyStart);
        var piece = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        var response = context.Response;
        response.StatusCode = Status;
        response.Headers.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (isReplayed)
        {
            response.Headers[ReplayedHeader] = "true";
        }

        response.ContentLength = _value.Length - _bodyStart;
        var body = PiecedBody.Begin(context);
        while (!piece.IsEmpty)
        {
            await body.WriteAsync(piece).ConfigureAwait(false);
            piece = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        }

        await body.CompleteAsync().ConfigureAwait(false);
    }
}
