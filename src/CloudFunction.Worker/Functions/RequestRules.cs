using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>The DataAnnotations on a request type and on all that it is made of. Thread safe.</summary>
internal sealed class RequestRules
{
    // Enough to mend a request by; a list of ten thousand wrong items is not answered with as many lines.
    private const int MaxFaults = 50;

    private readonly ConcurrentDictionary<Type, TypeRules> _types = new();
    private readonly ConcurrentDictionary<Type, bool> _withRules = new();
    private readonly JsonTypeInfo _request;

    private RequestRules(JsonTypeInfo request) => _request = request;

    /// <summary>The rules of a request type; null where there are none.</summary>
    public static RequestRules? Of(JsonTypeInfo request) => HasAny(request.Type, request.Options, []) ? new RequestRules(request) : null;

    /// <summary>Finds what in a request breaks them.</summary>
    /// <returns>The JSON path of each fault, and what is wrong. Where a rule or a property throws, it is that.</returns>
    public IReadOnlyList<(string Path, string Message)> Check(object? request)
    {
        var faults = new List<(string Path, string Message)>();
        Check(request, _request, "$", faults);
        return faults;
    }

    private static bool HasAny(Type type, JsonSerializerOptions options, HashSet<Type> visited)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!visited.Add(type) || !options.TryGetTypeInfo(type, out var info))
        {
            return false;
        }

        return info.Kind switch
        {
            JsonTypeInfoKind.Object => (KnowsAnnotations(type) && TypeRules.Of(info) is { IsEmpty: false })
                || info.Properties.Any(property => HasAny(property.PropertyType, options, visited)),
            JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary => info.ElementType is { } element && HasAny(element, options, visited),
            _ => false,
        };
    }

    // Most projects have none, and to search for attributes costs more than to check what an assembly references.
    private static bool KnowsAnnotations(Type type) =>
        Array.Exists(
            type.Assembly.GetReferencedAssemblies(),
            static name => name.Name is "System.ComponentModel.Annotations" or "System.ComponentModel.DataAnnotations");

    private void Check(object? value, JsonTypeInfo declared, string path, List<(string Path, string Message)> faults)
    {
        if (value is null || faults.Count >= MaxFaults)
        {
            return;
        }

        // Of a derived type, where the options know it.
        var info = value.GetType() != declared.Type && declared.Options.TryGetTypeInfo(value.GetType(), out var actual) ? actual : declared;
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(value, info, path, faults);
                break;
            case JsonTypeInfoKind.Dictionary when value is IDictionary entries && info.ElementType is { } type && MayHaveRules(type):
                foreach (DictionaryEntry entry in entries)
                {
                    Check(entry.Value, declared.Options.GetTypeInfo(type), $"{path}.{entry.Key}", faults);
                }

                break;
            case JsonTypeInfoKind.Enumerable
                when value is IEnumerable items && info.ElementType is { } type && MayHaveRules(type) && !IsDefault(value):
                var index = 0;
                foreach (var item in items)
                {
                    Check(item, declared.Options.GetTypeInfo(type), string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), faults);
                }

                break;
        }
    }

    // Of any but a sealed type there may be a derived one, with rules of its own.
    private bool MayHaveRules(Type type) =>
        !type.IsSealed || _withRules.GetOrAdd(type, static (each, options) => HasAny(each, options, []), _request.Options);

    // Of an array that no payload has set nothing can be read.
    private static bool IsDefault(object value) =>
        value.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        && type.GetProperty(nameof(ImmutableArray<int>.IsDefault))!.GetValue(value) is true;

    private void CheckObject(object value, JsonTypeInfo info, string path, List<(string Path, string Message)> faults)
    {
        var place = path;
        try
        {
            var rules = _types.GetOrAdd(info.Type, static (_, of) => TypeRules.Of(of), info);
            foreach (var (property, attributes) in rules.Members)
            {
                place = $"{path}.{property.Name}";
                var context = new ValidationContext(value) { MemberName = property.Name, DisplayName = property.Name };
                Apply(attributes, property.Get!(value), context, place, faults);
            }

            place = path;
            Apply(rules.OfType, value, new ValidationContext(value), path, faults);
            foreach (var property in info.Properties.Where(property => property.Get is not null))
            {
                place = $"{path}.{property.Name}";
                Check(property.Get!(value), info.Options.GetTypeInfo(property.PropertyType), place, faults);
            }

            place = path;
            if (value is IValidatableObject own)
            {
                foreach (var result in own.Validate(new ValidationContext(value)).Where(result => result != ValidationResult.Success))
                {
                    Add(result, path, faults);
                }
            }
        }
        catch (Exception exception)
        {
            // A rule or a property of the project's: of another value it would not throw.
            faults.Add((place, InvocationFailure.MessageOf(exception)));
        }
    }

    private static void Apply(
        ValidationAttribute[] attributes, object? value, ValidationContext context, string path, List<(string Path, string Message)> faults)
    {
        foreach (var attribute in attributes)
        {
            if (attribute.GetValidationResult(value, context) is { } result)
            {
                faults.Add((path, result.ErrorMessage ?? "It is not valid."));
            }
        }
    }

    private static void Add(ValidationResult result, string path, List<(string Path, string Message)> faults)
    {
        var members = result.MemberNames.DefaultIfEmpty("");
        faults.AddRange(members.Select(member =>
            (member.Length > 0 ? $"{path}.{JsonNamingPolicy.CamelCase.ConvertName(member)}" : path, result.ErrorMessage ?? "It is not valid.")));
    }
}
