using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>A payload read whole, for calls that store or compare it. Disposing it gives its room in the budget back; its bytes stay valid.</summary>
internal sealed class BufferedPayload : IDisposable
{
    private readonly PayloadBudget _budget;
    private readonly ArrayBufferWriter<byte> _bytes = new();
    private bool _isDisposed;

    private BufferedPayload(PayloadBudget budget) => _budget = budget;

    /// <summary>All of it, unchecked.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Reads the request's body to its end.</summary>
    /// <exception cref="ApiException">It has more than <paramref name="maxBytes"/>, or too many payloads are held already.</exception>
    public static async Task<BufferedPayload> ReadAsync(HttpContext context, long maxBytes, PayloadBudget budget)
    {
        var payload = new BufferedPayload(budget);
        try
        {
            await payload.ReadAsync(context, maxBytes).ConfigureAwait(false);
            return payload;
        }
        catch
        {
            payload.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _budget.Release(_bytes.WrittenCount);
        }
    }

    private async Task ReadAsync(HttpContext context, long maxBytes)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
            var refusal = Append(read.Buffer, maxBytes);
            reader.AdvanceTo(read.Buffer.End);
            if (refusal is not null)
            {
                throw new ApiException(refusal);
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private ApiError? Append(ReadOnlySequence<byte> part, long maxBytes)
    {
        if (_bytes.WrittenCount + part.Length > maxBytes)
        {
            return ApiError.BodyTooLarge(maxBytes, "MAX_REQUEST_BYTES");
        }

        if (!_budget.TryTake(part.Length))
        {
            return ApiError.Overloaded("payloads", "Too many payloads of asynchronous calls and of calls with an Idempotency-Key are held in memory. Try again.", retryAfterSeconds: 1);
        }

        foreach (var segment in part)
        {
            _bytes.Write(segment.Span);
        }

        return null;
    }
}
