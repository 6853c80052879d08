using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Finds where in a payload the fault lies, where binding ended with an exception that does not have it: by binding the parts of the
/// payload, each to its own type, down to the one that fails.</summary>
internal sealed class BindingFault
{
    private const string PlaceInMessage = " Path: ";

    private static readonly SearchValues<char> Signs = SearchValues.Create(" .'/\"[]()\t\n\r\f\b\\\u0085\u2028\u2029");

    private readonly JsonSerializerOptions _options;
    private readonly StringComparer _names;
    private string? _duplicate;

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
            var path = fault.PathIn(JsonElement.Parse(payload, fault.DocumentOptions()), type);
            return ("$" + path, fault._duplicate is { } name ? $"Duplicate property '{name}'." : message);
        }
        catch (JsonException)
        {
            return ("$", message);
        }
    }

    private JsonDocumentOptions DocumentOptions() => new()
    {
        AllowTrailingCommas = _options.AllowTrailingCommas,
        CommentHandling = _options.ReadCommentHandling == JsonCommentHandling.Allow ? JsonCommentHandling.Skip : _options.ReadCommentHandling,
        MaxDepth = _options.MaxDepth,
    };

    private string PathIn(JsonElement element, JsonTypeInfo type)
    {
        if (Nullable.GetUnderlyingType(type.Type) is { } underlying)
        {
            type = Info(underlying) ?? type;
        }

        return element.ValueKind switch
        {
            JsonValueKind.Object => InObject(element, type),
            JsonValueKind.Array => InArray(element, type),
            _ => "",
        };
    }

    private string InObject(JsonElement element, JsonTypeInfo type)
    {
        var known = new HashSet<string>(_names);
        foreach (var member in element.EnumerateObject())
        {
            if (IsNode(type.Type) && !known.Add(member.Name))
            {
                _duplicate = member.Name;
                return Step(member.Name);
            }

            if (TypeOf(member.Name, type) is { } part && !CanBind(member.Value, part))
            {
                return Step(member.Name) + PathIn(member.Value, part);
            }
        }

        return "";
    }

    private string InArray(JsonElement element, JsonTypeInfo type)
    {
        if (TypeOf(name: null, type) is { } part)
        {
            var index = 0;
            foreach (var item in element.EnumerateArray())
            {
                if (!CanBind(item, part))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"[{index}]") + PathIn(item, part);
                }

                index++;
            }
        }

        return "";
    }

    private JsonTypeInfo? TypeOf(string? name, JsonTypeInfo type)
    {
        if (IsNode(type.Type))
        {
            return Info(typeof(JsonNode));
        }

        if (type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
        {
            return type.ElementType is { } element ? Info(element) : null;
        }

        var property = type.Properties.FirstOrDefault(each => _names.Equals(each.Name, name))
            ?? type.Properties.FirstOrDefault(each => each.IsExtensionData);
        return property switch
        {
            null => null,
            { IsExtensionData: true } => Info(typeof(JsonNode)),
            { CustomConverter: { } converter and not JsonConverterFactory } => (JsonTypeInfo)typeof(JsonMetadataServices)
                .GetMethod(nameof(JsonMetadataServices.CreateValueInfo))!.MakeGenericMethod(property.PropertyType).Invoke(null, [_options, converter])!,
            _ => Info(property.PropertyType),
        };
    }

    private JsonTypeInfo? Info(Type type) => _options.TryGetTypeInfo(type, out var info) ? info : null;

    private static bool IsNode(Type type) => type.IsAssignableTo(typeof(JsonNode));

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
}
