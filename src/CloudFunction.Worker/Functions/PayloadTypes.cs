using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Which types the parts of a payload are bound to.</summary>
internal sealed class PayloadTypes(JsonSerializerOptions options)
{
    /// <summary>How the names of members are compared.</summary>
    public StringComparer Names { get; } = options.PropertyNameCaseInsensitive ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal;

    /// <summary>How a type is bound; null where it cannot be.</summary>
    public JsonTypeInfo? Info(Type type) => BoundMembers.InfoOf(type, options);

    /// <summary>What is behind a nullable type, or what a type discriminator names.</summary>
    public JsonTypeInfo ActualOf(JsonElement element, JsonTypeInfo type)
    {
        var actual = Nullable.GetUnderlyingType(type.Type);
        if (type.PolymorphismOptions is { } kinds && element.ValueKind == JsonValueKind.Object
            && element.TryGetProperty(kinds.TypeDiscriminatorPropertyName, out var discriminator))
        {
            actual = kinds.DerivedTypes.FirstOrDefault(kind => kind.TypeDiscriminator?.ToString() == discriminator.ToString()).DerivedType;
        }

        return actual is null ? type : Info(actual) ?? type;
    }

    /// <summary>The member of that name; null where the type has none.</summary>
    public JsonPropertyInfo? Member(string name, JsonTypeInfo type) => type.Properties.FirstOrDefault(each => Names.Equals(each.Name, name));

    /// <summary>What the member of that name, or the value with that key, is bound to; null where it is not.</summary>
    public JsonTypeInfo? TypeOf(string name, JsonTypeInfo type)
    {
        if (type.Kind == JsonTypeInfoKind.Dictionary)
        {
            return type.ElementType is { } element ? Info(element) : null;
        }

        return Member(name, type) switch
        {
            null => null,
            { CustomConverter: { } converter and not JsonConverterFactory } property => (JsonTypeInfo)typeof(JsonMetadataServices)
                .GetMethod(nameof(JsonMetadataServices.CreateValueInfo))!.MakeGenericMethod(property.PropertyType)
                .Invoke(null, [options, converter])!,
            var property => Info(property.PropertyType),
        };
    }

    /// <summary>The part of a payload that a path of the serializer's leads to, its type, and the name of its member; null where it leads
    /// nowhere.</summary>
    public (JsonElement Element, JsonTypeInfo? Type, string Name)? At(JsonElement root, JsonTypeInfo request, string path)
    {
        JsonTypeInfo? type = request;
        var (element, name, rest) = (root, "", path.AsMemory(1));
        while (!rest.IsEmpty)
        {
            type = type is null ? null : ActualOf(element, type);
            if (element.ValueKind == JsonValueKind.Array)
            {
                var end = rest.Span.IndexOf(']');
                if (end < 0 || !int.TryParse(rest.Span[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    || index >= element.GetArrayLength())
                {
                    return null;
                }

                (element, type, rest) = (element[index], type?.ElementType is { } item ? Info(item) : null, rest[(end + 1)..]);
                continue;
            }

            if (element.ValueKind != JsonValueKind.Object || FirstStep(element, rest.Span) is not { } member)
            {
                return null;
            }

            name = member.Name;
            (element, type, rest) = (member.Value, type is null ? null : TypeOf(name, type), rest[JsonPath.Step(name).Length..]);
        }

        return (element, type, name);
    }

    private JsonProperty? FirstStep(JsonElement element, ReadOnlySpan<char> path)
    {
        foreach (var member in element.EnumerateObject())
        {
            var step = JsonPath.Step(member.Name);
            if (path.Length >= step.Length && Names.Equals(path[..step.Length].ToString(), step)
                && (path.Length == step.Length || path[step.Length] is '.' or '['))
            {
                return member;
            }
        }

        return null;
    }
}
