using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Finds where in a payload the fault lies, and its words, where binding ended with an exception: the serializer's, which has the place as
/// a rule, or that of a constructor, a setter or a converter, whose place is the innermost part that cannot be bound to its own type.</summary>
internal sealed class BindingFault
{
    private const string PlaceInMessage = " Path: ";

    // What a dictionary throws, and with it a JsonObject: the serializer checks the names of all other objects itself.
    private const string KeyTwice = "An item with the same key has already been added.";

    // Parts are bound again for each level that they are in, by code of the project's: in all so many times the payload, and at least so many bytes.
    // Beyond that the path ends at the innermost part that was found.
    private const int SearchedTimes = 8;
    private const int SearchedBytes = 1 << 20;

    private readonly PayloadTypes _types;
    private readonly Exception _cause;
    private long _budget;

    private BindingFault(JsonSerializerOptions options, Exception cause, int length)
    {
        _types = new PayloadTypes(options);
        _cause = cause;
        _budget = Math.Max(SearchedBytes, (long)length * SearchedTimes);
    }

    /// <summary>The JSON path of the fault, and what is wrong there.</summary>
    /// <param name="payload">What could not be bound.</param>
    /// <param name="type">To what.</param>
    /// <param name="exception">How that ended.</param>
    public static (string Path, string Message) Find(ReadOnlySpan<byte> payload, JsonTypeInfo type, Exception exception)
    {
        var cause = exception;
        while (cause is TargetInvocationException { InnerException: { } inner })
        {
            cause = inner;
        }

        if (cause is JsonException broken && JsonFaultText.IsOfSyntax(broken))
        {
            return (broken.Path ?? "$", JsonFaultText.OfSyntax(broken));
        }

        var path = cause is JsonException { Path: { } known } ? known : PathOf(InvocationFailure.MessageOf(cause)) ?? "$";
        try
        {
            var root = JsonElement.Parse(payload, new JsonDocumentOptions
            {
                AllowTrailingCommas = type.Options.AllowTrailingCommas,
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = type.Options.MaxDepth,
            });
            return new BindingFault(type.Options, cause, payload.Length).Find(root, type, path);
        }
        catch (JsonException)
        {
            return (path, JsonFaultText.Of(cause));
        }
    }

    private static string? PathOf(string message)
    {
        if (message.LastIndexOf(PlaceInMessage, StringComparison.Ordinal) is not (var at and > 0))
        {
            return null;
        }

        var place = message[(at + PlaceInMessage.Length)..];
        var end = place.IndexOf(" | ", StringComparison.Ordinal);
        return end < 0 ? place : place[..end];
    }

    private (string Path, string Message) Find(JsonElement root, JsonTypeInfo request, string path)
    {
        if (_types.At(root, request, path) is not { } place)
        {
            (path, place) = ("$", (root, request, ""));
        }

        // A path of the serializer's ends at, or leads past, a collection that it reads as a whole.
        if (place.Type is { } type && (_cause is not JsonException || type.Kind == JsonTypeInfoKind.Enumerable))
        {
            path += PathIn(place.Element, type);
            place = _types.At(root, request, path) ?? place;
        }

        var message = InvocationFailure.MessageOf(_cause);
        if (message.StartsWith("Duplicate propert", StringComparison.Ordinal) || message.StartsWith(KeyTwice, StringComparison.Ordinal))
        {
            var (step, name) = (place.Type is null ? NameTwice.In(place.Element, _types.Names, _ => true) : TwiceIn(place.Element, place.Type))
                ?? ("", place.Name);
            return name.Length > 0 ? (path + step, $"Duplicate property '{name}'.") : (path, JsonFaultText.Of(_cause));
        }

        return (path, place.Type is { } bound ? TextAt(place.Element, bound) : JsonFaultText.Of(_cause));
    }

    private string TextAt(JsonElement element, JsonTypeInfo type)
    {
        if (JsonFaultText.IsOfMissing(_cause))
        {
            var actual = _types.ActualOf(element, type);
            return element.ValueKind == JsonValueKind.Object
                ? JsonFaultText.OfMissing(actual.Properties
                    .Where(property => BoundMembers.IsRequired(property, actual))
                    .Where(property => !element.EnumerateObject().Any(each => _types.Names.Equals(each.Name, property.Name)))
                    .Select(property => property.Name))
                : JsonFaultText.Of(_cause);
        }

        // The key of a dictionary has the path of its value, which fits.
        return JsonFaultText.IsOfValue(_cause) && FaultOf(element, type) is not null ? ExpectedValue.Text(element, type) : JsonFaultText.Of(_cause);
    }

    private string PathIn(JsonElement element, JsonTypeInfo type)
    {
        if (element.ValueKind == JsonValueKind.Array && type.ElementType is { } item && _types.Info(item) is { } itemType)
        {
            var index = 0;
            foreach (var each in element.EnumerateArray())
            {
                if (IsCause(each, itemType))
                {
                    return JsonPath.Step(index) + PathIn(each, itemType);
                }

                index++;
            }
        }
        else if (element.ValueKind == JsonValueKind.Object)
        {
            var actual = _types.ActualOf(element, type);
            foreach (var member in element.EnumerateObject())
            {
                if (_types.TypeOf(member.Name, actual) is { } memberType && IsCause(member.Value, memberType))
                {
                    return JsonPath.Step(member.Name) + PathIn(member.Value, memberType);
                }
            }

            return SetterIn(element, actual);
        }

        return "";
    }

    // Of the object's own members none fails: its constructor does, or a setter.
    private string SetterIn(JsonElement element, JsonTypeInfo type)
    {
        if (type.Kind != JsonTypeInfoKind.Object || type.Type.IsAbstract)
        {
            return "";
        }

        object instance;
        try
        {
            instance = type.CreateObject?.Invoke() ?? RuntimeHelpers.GetUninitializedObject(type.Type);
        }
        catch (Exception)
        {
            return ""; // The constructor.
        }

        foreach (var member in element.EnumerateObject())
        {
            if (_types.Member(member.Name, type) is { Set: { } set } property
                && (property.AssociatedParameter is null || type.CreateObject is not null)
                && _types.TypeOf(member.Name, type) is { } memberType)
            {
                try
                {
                    set(instance, member.Value.Deserialize(memberType));
                }
                catch (Exception exception) when (IsAlike(exception))
                {
                    return JsonPath.Step(member.Name);
                }
                catch (Exception)
                {
                    // Of an instance that no constructor has made.
                }
            }
        }

        return "";
    }

    // In what keeps JSON as it is, or, of an object that keeps what it does not know, among that.
    private (string Path, string Name)? TwiceIn(JsonElement element, JsonTypeInfo type)
    {
        var actual = _types.ActualOf(element, type);
        return actual.Kind switch
        {
            JsonTypeInfoKind.None => NameTwice.In(element, NamesOf(actual.Type), _ => true),
            JsonTypeInfoKind.Object when actual.Properties.FirstOrDefault(each => each.IsExtensionData) is { } rest =>
                NameTwice.In(element, NamesOf(rest.PropertyType), name => _types.Member(name, actual) is null),
            _ => null,
        };
    }

    // Only nodes compare as the options say.
    private StringComparer NamesOf(Type type) => typeof(JsonNode).IsAssignableFrom(type) ? _types.Names : StringComparer.Ordinal;

    private bool IsCause(JsonElement element, JsonTypeInfo type)
    {
        _budget -= JsonMarshal.GetRawUtf8Value(element).Length;
        return _budget > 0 && FaultOf(element, type) is { } fault && IsAlike(fault);
    }

    // The serializer puts the place into its own messages, and that differs.
    private bool IsAlike(Exception exception) =>
        exception.GetType() == _cause.GetType()
        && (_cause is JsonException or NotSupportedException || InvocationFailure.MessageOf(exception) == InvocationFailure.MessageOf(_cause));

    private static Exception? FaultOf(JsonElement element, JsonTypeInfo type)
    {
        try
        {
            element.Deserialize(type);
            return null;
        }
        catch (Exception exception)
        {
            return exception is TargetInvocationException { InnerException: { } inner } ? inner : exception;
        }
    }
}
