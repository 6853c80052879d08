using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Makes a request out of a payload. Thread safe.</summary>
/// <typeparam name="TRequest">What the payload is bound to.</typeparam>
internal sealed class PayloadBinder<TRequest>
{
    private readonly JsonTypeInfo<TRequest> _type;
    private readonly JsonReaderOptions _readerOptions;
    private readonly bool _acceptsNull;
    private readonly bool _hasPath;
    private readonly TRequest? _ofEmptyBody;
    private readonly ParameterInfo? _parameter;
    private RequestRules? _rules;
    private PayloadShapes? _shapes;
    private volatile bool _hasReadRules;

    /// <param name="type">How the type is bound.</param>
    /// <param name="acceptsNull">Whether an empty body and a JSON <c>null</c> reach the function, as null.</param>
    /// <param name="hasPath">Whether a fault is placed by its JSON path, or else by line and byte.</param>
    /// <param name="parameter">The function's parameter for it, or <see langword="null"/>: it has the annotations of the type's elements.</param>
    public PayloadBinder(JsonTypeInfo<TRequest> type, bool acceptsNull, bool hasPath, ParameterInfo? parameter = null)
    {
        _parameter = parameter;
        _type = type;
        _acceptsNull = acceptsNull;
        _hasPath = hasPath;
        _readerOptions = new JsonReaderOptions
        {
            AllowTrailingCommas = type.Options.AllowTrailingCommas,
            CommentHandling = type.Options.ReadCommentHandling,
            MaxDepth = type.Options.MaxDepth,
        };
        if (typeof(TRequest) == typeof(JsonElement))
        {
            // Not default(JsonElement), which is no JSON at all: every member of it throws.
            using var document = JsonDocument.Parse("null");
            _ofEmptyBody = (TRequest)(object)document.RootElement.Clone();
        }
    }

    /// <summary>Binds the whole of <paramref name="payload"/>, and keeps no reference to it.</summary>
    /// <returns><see langword="null"/> on success.</returns>
    public InvocationFailure? Bind(in ReadOnlySequence<byte> payload, out TRequest request)
    {
        if (payload.IsSingleSegment)
        {
            return Bind(payload.FirstSpan, out request);
        }

        // One copy is less than what the serializer does to find a value's end over segments.
        var length = checked((int)payload.Length);
        var whole = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            payload.CopyTo(whole);
            return Bind(whole.AsSpan(0, length), out request);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(whole);
        }
    }

    private InvocationFailure? Bind(ReadOnlySpan<byte> payload, out TRequest request)
    {
        // An editor's or a shell's, and no part of the text.
        payload = payload.StartsWith("\uFEFF"u8) ? payload["\uFEFF"u8.Length..] : payload;
        if (payload.IsEmpty)
        {
            request = _ofEmptyBody!;
            return _acceptsNull ? null : Invalid("A JSON body is required.", _hasPath ? "$" : PayloadFault.Place(0, 0), exception: null);
        }

        request = default!;
        if (PayloadCheck.Find(payload, in _readerOptions) is { } fault)
        {
            return Invalid(payload, fault);
        }

        try
        {
            request = JsonSerializer.Deserialize(payload, _type)!;
        }
        catch (JsonException exception) when (!_hasPath)
        {
            return Invalid(
                JsonFaultText.Of(InvocationFailure.MessageOf(exception)),
                PayloadFault.Place(exception.LineNumber ?? 0, exception.BytePositionInLine ?? 0),
                exception);
        }
        catch (Exception exception)
        {
            // The serializer, or a constructor, a setter or a converter of the project's: another payload would have been bound.
            var (path, message) = BindingFault.Find(payload, _type, exception);
            return Invalid(message, path, exception);
        }

        if (request is null && !_acceptsNull)
        {
            return Invalid("The body is null, and this function does not take null.", _hasPath ? "$" : PayloadFault.Place(0, 0), exception: null);
        }

        ReadRules();
        return _shapes?.Find(payload, in _readerOptions) is { } part
            ? Invalid(part.Message, JsonPath.At(payload, part.Offset, in _readerOptions), exception: null)
            : Check(request, payload.Length);
    }

    private InvocationFailure? Check(TRequest request, int payloadBytes)
    {
        try
        {
            return _rules?.Check(request, payloadBytes) is { Count: > 0 } faults
                ? Invalid(string.Join(' ', faults.Select(each => $"{each.Path}: {each.Message}")), faults[0].Path, exception: null)
                : null;
        }
        catch (Exception exception)
        {
            // A collection of the project's that cannot be read.
            return Invalid(InvocationFailure.MessageOf(exception), "$", exception);
        }
    }

    // With the first request, not at load: by then its types have been taken apart to be bound, and a cold start does not wait for it.
    private void ReadRules()
    {
        if (!_hasReadRules)
        {
            _rules = RequestRules.Of(_type);
            _shapes = PayloadShapes.Of(_type, _parameter);
            _hasReadRules = true;
        }
    }

    private InvocationFailure Invalid(ReadOnlySpan<byte> payload, PayloadFault fault)
    {
        var place = fault.PlaceIn(payload);
        return _hasPath
            ? Invalid(PayloadFault.TextAt(fault.Message, place), JsonPath.At(payload, fault.Offset, in _readerOptions), exception: null)
            : Invalid(fault.Message, place, exception: null);
    }

    private static InvocationFailure Invalid(string message, string field, Exception? exception) =>
        new(FailureKind.InvalidPayload, message, exception?.GetType().FullName, field, exception);
}
