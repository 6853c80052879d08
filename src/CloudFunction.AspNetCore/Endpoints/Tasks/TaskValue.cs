using System.Buffers;
using System.Buffers.Text;
using System.Text.Encodings.Web;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.Runtime.Tasks;

namespace CloudFunction.AspNetCore.Endpoints.Tasks;

/// <summary>A payload or a result on its way into an answer: examined once for what it is, then written, in pieces both times.</summary>
internal sealed class TaskValue : IDisposable
{
    // As one byte becomes six at the most (\u001f), a piece of the input fits a piece of the output.
    private const int TextBytes = 4 * 1024;
    private const int MaxEscaped = 6;
    private static readonly byte[] Quote = "\""u8.ToArray();

    private readonly StoredValue _value;
    private readonly ValueReader _reader;

    private TaskValue(StoredValue value)
    {
        _value = value;
        _reader = value.Open();
    }

    /// <summary>How it stands in the answer.</summary>
    public ValueForm Form { get; private set; }

    /// <summary>How many bytes it takes there; null where that is known only once it is written.</summary>
    public long? Length => Form switch
    {
        ValueForm.None => 0,
        ValueForm.Json => _value.Length,
        ValueForm.Base64 => ((_value.Length + 2) / 3 * 4) + 2,
        _ => null,
    };

    /// <summary>Opens a value and examines it.</summary>
    /// <exception cref="StoredValueGoneException">It was deleted meanwhile.</exception>
    public static async Task<TaskValue> OpenAsync(StoredValue? stored, CancellationToken cancellationToken)
    {
        var value = new TaskValue(stored ?? StoredValue.Empty);
        try
        {
            value.Form = await value.FindFormAsync(cancellationToken).ConfigureAwait(false);
            return value;
        }
        catch
        {
            value.Dispose();
            throw;
        }
    }

    /// <summary>Writes it.</summary>
    public async ValueTask WriteAsync(PiecedBody body, CancellationToken cancellationToken)
    {
        _reader.Seek(0);
        if (Form == ValueForm.Json)
        {
            while (await _reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } piece)
            {
                await body.WriteAsync(piece).ConfigureAwait(false);
            }
        }
        else if (Form != ValueForm.None)
        {
            await body.WriteAsync(Quote).ConfigureAwait(false);
            await WriteTextAsync(body, cancellationToken).ConfigureAwait(false);
            await body.WriteAsync(Quote).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private async Task<ValueForm> FindFormAsync(CancellationToken cancellationToken)
    {
        if (_value.IsEmpty)
        {
            return ValueForm.None;
        }

        var (json, text) = (new JsonScan(), new Utf8Scan());
        var isJson = true;
        while (await _reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } piece)
        {
            if (!text.Push(piece.Span))
            {
                return ValueForm.Base64;
            }

            isJson = isJson && json.Push(piece.Span);
        }

        return !text.IsWhole ? ValueForm.Base64 : isJson && json.IsWhole ? ValueForm.Json : ValueForm.Text;
    }

    // What a piece ends with may need the next one: a character that is not whole, or one or two bytes before Base64's next three.
    private async ValueTask WriteTextAsync(PiecedBody body, CancellationToken cancellationToken)
    {
        var input = ArrayPool<byte>.Shared.Rent(TextBytes + MaxEscaped);
        var output = ArrayPool<byte>.Shared.Rent((TextBytes + MaxEscaped) * MaxEscaped);
        try
        {
            var (left, total) = (0, 0L);
            while (await _reader.ReadAsync(cancellationToken).ConfigureAwait(false) is { IsEmpty: false } piece)
            {
                for (var rest = piece; !rest.IsEmpty;)
                {
                    var count = Math.Min(rest.Length, TextBytes);
                    rest.Span[..count].CopyTo(input.AsSpan(left));
                    rest = rest[count..];
                    total += count;
                    var (consumed, written) = Encode(input.AsSpan(0, left + count), output, isLast: total == _value.Length);
                    await body.WriteAsync(output.AsMemory(0, written)).ConfigureAwait(false);
                    left += count - consumed;
                    input.AsSpan(consumed, left).CopyTo(input);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    private (int Consumed, int Written) Encode(ReadOnlySpan<byte> input, Span<byte> output, bool isLast)
    {
        int consumed, written;
        _ = Form == ValueForm.Base64
            ? Base64.EncodeToUtf8(input, output, out consumed, out written, isLast)
            : JavaScriptEncoder.UnsafeRelaxedJsonEscaping.EncodeUtf8(input, output, out consumed, out written, isLast);
        return (consumed, written);
    }
}
