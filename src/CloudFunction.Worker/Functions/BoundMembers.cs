using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>What of a type a payload sets.</summary>
internal static class BoundMembers
{
    /// <summary>Whether the serializer sets this one, gives it to the constructor, or fills the collection that is there.</summary>
    public static bool IsBound(JsonPropertyInfo property, JsonTypeInfo type) =>
        property.Set is not null
        || property.AssociatedParameter is not null
        || (property.ObjectCreationHandling ?? type.PreferredPropertyObjectCreationHandling ?? type.Options.PreferredObjectCreationHandling)
            == JsonObjectCreationHandling.Populate;

    /// <summary>Whether an object without it is not taken.</summary>
    public static bool IsRequired(JsonPropertyInfo property, JsonTypeInfo type) =>
        property.IsRequired
        || (type.Options.RespectRequiredConstructorParameters && property.AssociatedParameter is { HasDefaultValue: false });

    /// <summary>How a type is bound; null where it cannot be.</summary>
    public static JsonTypeInfo? InfoOf(Type type, JsonSerializerOptions options)
    {
        try
        {
            return options.TryGetTypeInfo(type, out var info) ? info : null;
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The types that a value of this type may hold next to itself: of its members, its elements, and what may stand for it.</summary>
    public static IEnumerable<Type> TypesIn(JsonTypeInfo type)
    {
        var own = type.Kind switch
        {
            JsonTypeInfoKind.Object => type.Properties.Where(property => IsBound(property, type)).Select(property => property.PropertyType),
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary when type.ElementType is { } element => [element],
            _ => [],
        };
        return type.PolymorphismOptions is { } kinds ? own.Concat(kinds.DerivedTypes.Select(kind => kind.DerivedType)) : own;
    }
}
