using System.Text;
using System.Text.Json;

namespace CloudFunction.Worker.Functions;

/// <summary>What of a value in a payload the serializer takes though it does not fit: null among elements that are not nullable, and numbers that
/// are not finite. Built by <see cref="PayloadShapes"/>, and then only read.</summary>
internal sealed class PayloadShape
{
    /// <summary>Of an object, those of its members that have such things in them, by name.</summary>
    public Dictionary<string, PayloadShape>? Members { get; set; }

    /// <summary>Of an array or a dictionary, its elements.</summary>
    public PayloadShape? Element { get; set; }

    /// <summary>Whether null is no element of it.</summary>
    public bool RefusesNull { get; set; }

    /// <summary>Of a number that must be finite, reads whether it is.</summary>
    public Func<ReadOnlySpan<byte>, bool>? IsFinite { get; set; }

    /// <summary>Of an object that may be of several kinds, the member that names the kind, and their shapes.</summary>
    public (string Discriminator, Dictionary<string, PayloadShape> Shapes)? Kinds { get; set; }

    /// <summary>What is in it next to itself.</summary>
    public IEnumerable<PayloadShape> Parts =>
        (Members?.Values ?? Enumerable.Empty<PayloadShape>()).Concat(Kinds?.Shapes.Values ?? Enumerable.Empty<PayloadShape>())
            .Concat(Element is null ? [] : [Element]);

    /// <summary>Finds the first value that does not fit.</summary>
    /// <param name="reader">Stands at the value, and goes to its end.</param>
    /// <returns>What is wrong there, and then the reader stands at it; null where nothing is.</returns>
    public string? Find(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => FindInObject(ref reader),
        JsonTokenType.StartArray => FindInArray(ref reader),
        JsonTokenType.Number when IsFinite is not null => FindInNumber(reader.ValueSpan),
        JsonTokenType.String when IsFinite is not null => FindInNumber(Encoding.UTF8.GetBytes(reader.GetString()!)),
        _ => null,
    };

    private string? FindInNumber(ReadOnlySpan<byte> text) => IsFinite!(text) ? null : "The number is not finite.";

    private string? FindInArray(ref Utf8JsonReader reader)
    {
        if (Element is null && !RefusesNull)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (FindInElement(ref reader) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private string? FindInElement(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return RefusesNull ? "Null is not allowed here." : null;
        }

        if (Element is not null)
        {
            return Element.Find(ref reader);
        }

        reader.Skip();
        return null;
    }

    private string? FindInObject(ref Utf8JsonReader reader)
    {
        if (Kinds is { } kinds && KindOf(reader, kinds.Discriminator) is { } kind && kinds.Shapes.TryGetValue(kind, out var actual) && actual != this)
        {
            return actual.FindInObject(ref reader);
        }

        if (Members is null && Element is null && !RefusesNull)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = MemberAt(ref reader);
            reader.Read();
            var fault = Members is null ? FindInElement(ref reader) : member?.Find(ref reader);
            if (fault is not null)
            {
                return fault;
            }

            if (Members is not null && member is null)
            {
                reader.Skip();
            }
        }

        return null;
    }

    private PayloadShape? MemberAt(ref Utf8JsonReader reader)
    {
        const int small = 128;
        if (Members is null)
        {
            return null;
        }

        if (reader.ValueSpan.Length > small)
        {
            return Members.GetValueOrDefault(reader.GetString()!);
        }

        Span<char> name = stackalloc char[small];
        return Members.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name[..reader.CopyString(name)], out var member) ? member : null;
    }

    // By a copy of the reader: the object is then read from its begin.
    private static string? KindOf(Utf8JsonReader reader, string discriminator)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isKind = reader.ValueTextEquals(discriminator);
            reader.Read();
            if (isKind)
            {
                return reader.TokenType == JsonTokenType.String ? reader.GetString() : Encoding.UTF8.GetString(reader.ValueSpan);
            }

            reader.Skip();
        }

        return null;
    }
}
