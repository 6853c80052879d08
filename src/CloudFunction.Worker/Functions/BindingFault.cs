using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Finds where in a payload the fault lies, where binding ended with an exception that does not have it: a name that an object has twice,
/// or the innermost part that cannot be bound to its own type.</summary>
internal sealed class BindingFault
{
    private const string PlaceInMessage = " Path: ";

    // What a dictionary throws, and with it a JsonObject: the serializer checks the names of all other objects itself.
    private const string KeyTwice = "An item with the same key has already been added.";

    // Parts are bound once for each level that they are in, by code of the project's. In a larger payload the fault has the path of the whole.
    private const int MaxSearchedBytes = 16 << 10;

    private static readonly SearchValues<char> Signs = SearchValues.Create(" .'/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    private readonly JsonSerializerOptions _options;
    private readonly StringComparer _names;

    private BindingFault(JsonSerializerOptions options)
    {
        _options = options;
        _names = options.PropertyNameCaseInsensitive ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;
    }

    /// <summary>The JSON path of the fault, and what is wrong there.</summary>
    /// <param name="payload">What could not be bound.</param>
    /// <param name="type">To what.</param>
    /// <param name="exception">How that ended.</param>
    public static (string Path, string Message) Find(ReadOnlySpan<byte> payload, JsonTypeInfo type, Exception exception)
    {
        var cause = exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        var message = InvocationFailure.MessageOf(cause);
        if (cause is NotSupportedException && message.LastIndexOf(PlaceInMessage, StringComparison.Ordinal) is var at and > 0)
        {
            var place = message[(at + PlaceInMessage.Length)..];
            var end = place.IndexOf(" | ", StringComparison.Ordinal);
            return (end < 0 ? place : place[..end], JsonFaultText.OfUnsupported(message));
        }

        var fault = new BindingFault(type.Options);
        try
        {
            if (cause is ArgumentException && message.StartsWith(KeyTwice, StringComparison.Ordinal)
                && fault.FindNameTwice(payload) is var (path, name))
            {
                return (path, $"Duplicate property '{name}'.");
            }

            return payload.Length > MaxSearchedBytes
                ? ("$", message)
                : ("$" + fault.PathIn(JsonElement.Parse(payload, fault.DocumentOptions()), type), message);
        }
        catch (JsonException)
        {
            return ("$", message);
        }
    }

    private (string Path, string Name)? FindNameTwice(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload, new JsonReaderOptions
        {
            AllowTrailingCommas = _options.AllowTrailingCommas,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = _options.MaxDepth,
        });
        var levels = new Stack<Level>();
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.EndObject or JsonTokenType.EndArray)
            {
                levels.Pop();
                continue;
            }

            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                levels.Peek().Step = Step(name);
                if (!levels.Peek().Names!.Add(name))
                {
                    return ("$" + string.Concat(levels.Reverse().Select(level => level.Step)), name);
                }

                continue;
            }

            if (levels.TryPeek(out var parent) && parent.Names is null)
            {
                parent.Index++;
            }

            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                levels.Push(new Level(reader.TokenType == JsonTokenType.StartObject ? new HashSet<string>(_names) : null));
            }
        }

        return null;
    }

    private JsonDocumentOptions DocumentOptions() => new()
    {
        AllowTrailingCommas = _options.AllowTrailingCommas,
        CommentHandling = JsonCommentHandling.Skip,
        MaxDepth = _options.MaxDepth,
    };

    private string PathIn(JsonElement element, JsonTypeInfo type)
    {
        if (element.ValueKind == JsonValueKind.Array && type.ElementType is { } item && Info(item) is { } itemType)
        {
            var index = 0;
            foreach (var each in element.EnumerateArray())
            {
                if (!CanBind(each, itemType))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"[{index}]") + PathIn(each, itemType);
                }

                index++;
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var actual = ActualOf(element, type);
            foreach (var member in element.EnumerateObject())
            {
                if (TypeOf(member.Name, actual) is { } memberType && !CanBind(member.Value, memberType))
                {
                    return Step(member.Name) + PathIn(member.Value, memberType);
                }
            }
        }

        return "";
    }

    // What is behind a nullable type, or what a type discriminator names.
    private JsonTypeInfo ActualOf(JsonElement element, JsonTypeInfo type)
    {
        var actual = Nullable.GetUnderlyingType(type.Type);
        if (type.PolymorphismOptions is { } kinds && element.TryGetProperty(kinds.TypeDiscriminatorPropertyName, out var discriminator))
        {
            actual = kinds.DerivedTypes.FirstOrDefault(kind => kind.TypeDiscriminator?.ToString() == discriminator.ToString()).DerivedType;
        }

        return actual is null ? type : Info(actual) ?? type;
    }

    private JsonTypeInfo? TypeOf(string name, JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Dictionary)
        {
            return type.ElementType is { } element ? Info(element) : null;
        }

        return type.Properties.FirstOrDefault(each => _names.Equals(each.Name, name)) switch
        {
            null => null,
            { CustomConverter: { } converter and not JsonConverterFactory } property => (JsonTypeInfo)typeof(JsonMetadataServices)
                .GetMethod(nameof(JsonMetadataServices.CreateValueInfo))!.MakeGenericMethod(property.PropertyType)
                .Invoke(null, [_options, converter])!,
            var property => Info(property.PropertyType),
        };
    }

    private JsonTypeInfo? Info(Type type) => _options.TryGetTypeInfo(type, out var info) ? info : null;

    private static bool CanBind(JsonElement element, JsonTypeInfo type)
    {
        try
        {
            element.Deserialize(type);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    // As the serializer writes paths.
    private static string Step(string name) => name.AsSpan().ContainsAny(Signs)
        ? $"['{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']"
        : $".{name}";

    // One object or array that is being read; only objects have names.
    private sealed class Level(HashSet<string>? names)
    {
        private string _step = "";

        public HashSet<string>? Names { get; } = names;

        public int Index { get; set; } = -1;

        public string Step
        {
            get => Names is null ? string.Create(CultureInfo.InvariantCulture, $"[{Index}]") : _step;
            set => _step = value;
        }
    }
}
