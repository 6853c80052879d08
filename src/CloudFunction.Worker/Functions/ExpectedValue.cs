using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>What a payload should have where its value cannot be bound, in words of JSON, and what it has.</summary>
internal static class ExpectedValue
{
    // A name or a number may be as long as whoever wrote it likes.
    private const int MaxNames = 20;
    private const int MaxNumberLength = 30;

    private static readonly Dictionary<Type, string> Kinds = new()
    {
        [typeof(string)] = "a string",
        [typeof(char)] = "a string of one character",
        [typeof(bool)] = "true or false",
        [typeof(byte[])] = "a string in Base64",
        [typeof(Guid)] = "a UUID (such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301)",
        [typeof(Uri)] = "a URI",
        [typeof(Version)] = "a version (such as 1.2.3)",
        [typeof(DateTimeOffset)] = "a date and time (ISO 8601, such as 2026-01-31T08:15:30Z)",
        [typeof(DateTime)] = "a date and time (ISO 8601, such as 2026-01-31T08:15:30Z)",
        [typeof(DateOnly)] = "a date (such as 2026-01-31)",
        [typeof(TimeOnly)] = "a time (such as 08:15:30)",
        [typeof(TimeSpan)] = "a duration (hours:minutes:seconds, such as 01:30:00, or with days 1.01:30:00)",
        [typeof(decimal)] = "a number",
        [typeof(double)] = "a number",
        [typeof(float)] = "a number",
        [typeof(Half)] = "a number",
        [typeof(sbyte)] = "a whole number (-128 to 127)",
        [typeof(byte)] = "a whole number (0 to 255)",
        [typeof(short)] = "a whole number (16 bits)",
        [typeof(ushort)] = "a whole number (16 bits, 0 or more)",
        [typeof(int)] = "a whole number (32 bits)",
        [typeof(uint)] = "a whole number (32 bits, 0 or more)",
        [typeof(long)] = "a whole number (64 bits)",
        [typeof(ulong)] = "a whole number (64 bits, 0 or more)",
        [typeof(Int128)] = "a whole number (128 bits)",
        [typeof(UInt128)] = "a whole number (128 bits, 0 or more)",
    };

    private static readonly Dictionary<string, string> KindsByName = Kinds.ToDictionary(kind => kind.Key.FullName!, kind => kind.Value);

    /// <summary>The sentence for a value that cannot be bound to its type.</summary>
    public static string Text(JsonElement element, JsonTypeInfo type)
    {
        var actual = Nullable.GetUnderlyingType(type.Type) is { } underlying && type.Options.TryGetTypeInfo(underlying, out var info) ? info : type;
        var (expected, isString) = Of(actual);
        return $"Expected {expected}, the body has {Found(element, isString)}.";
    }

    /// <summary>The words for a type by its full name, as it stands in messages of the serializer; null where there are none.</summary>
    public static string? Of(string typeName) => KindsByName.GetValueOrDefault(typeName);

    private static (string Text, bool IsString) Of(JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.None)
        {
            return (type.Kind == JsonTypeInfoKind.Enumerable ? "an array" : "an object", false);
        }

        if (type.Converter.GetType().Assembly != typeof(JsonConverter).Assembly)
        {
            return ("another value", true); // Which, its converter knows.
        }

        return type.Type.IsEnum ? OfEnum(type)
            : Kinds.TryGetValue(type.Type, out var kind)
                ? (kind, type.Type != typeof(bool)
                    && (!IsNumber(kind) || (type.Options.NumberHandling & JsonNumberHandling.AllowReadingFromString) != 0))
            : ("another value", true);
    }

    private static bool IsNumber(string kind) =>
        kind.StartsWith("a whole number", StringComparison.Ordinal) || kind.StartsWith("a number", StringComparison.Ordinal);

    // Whether names are taken shows in what is written.
    private static (string Text, bool IsString) OfEnum(JsonTypeInfo type)
    {
        var values = Enum.GetValuesAsUnderlyingType(type.Type).Cast<object>().Select(value => Enum.ToObject(type.Type, value)).Distinct().ToList();
        var written = values.ConvertAll(value => JsonSerializer.SerializeToElement(value, type));
        var more = values.Count > MaxNames ? ", …" : "";
        if (written.Exists(each => each.ValueKind == JsonValueKind.String))
        {
            return ($"one of {string.Join(", ", written.Take(MaxNames).Select(each => $"'{each}'"))}{more}", true);
        }

        var named = values.Zip(written, (value, number) => string.Create(CultureInfo.InvariantCulture, $"{number} ({value})")).Take(MaxNames);
        return ($"the number of a kind: {string.Join(", ", named)}{more} (names are taken where the project has a JsonStringEnumConverter)", false);
    }

    private static string Found(JsonElement element, bool isString) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => isString ? "another string" : "a string",
        JsonValueKind.Number => element.GetRawText() is { Length: <= MaxNumberLength } number ? $"the number {number}" : "a long number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => "null",
    };
}
