using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>Finds request types that no payload fits, by binding the least that JSON has of each kind. It runs constructors of the project's, and so
/// is for the validation of a deployment.</summary>
internal sealed class RequestTypeCheck
{
    private readonly HashSet<Type> _visited = [];
    private readonly JsonSerializerOptions _options;

    private RequestTypeCheck(JsonSerializerOptions options) => _options = options;

    /// <summary>What is wrong with a request type, and what would be right; null where nothing is.</summary>
    public static string? Find(Type request, JsonSerializerOptions options) => new RequestTypeCheck(options).Find(request);

    private string? Find(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (!_visited.Add(type))
        {
            return null;
        }

        JsonTypeInfo? info;
        try
        {
            if (!_options.TryGetTypeInfo(type, out info))
            {
                return null; // Binding the function has reported that.
            }

            // A converter of the project's takes what it takes.
            if (info.Kind == JsonTypeInfoKind.None && info.Converter.GetType().Assembly != typeof(JsonTypeInfo).Assembly)
            {
                return null;
            }
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            return Problem(type, JsonTypeInfoKind.None, exception);
        }

        var kinds = info.PolymorphismOptions?.DerivedTypes;
        if (kinds is { Count: > 0 } && type.IsAbstract)
        {
            var problems = kinds.Select(kind => Find(kind.DerivedType)).ToList();
            return problems.Contains(null) ? null : problems[0];
        }

        return TryBind(info) is { } thrown ? Problem(type, info.Kind, thrown) : FindInMembers(info);
    }

    // A member without which the object is not taken, and that does not take null, must have a type that something fits.
    private string? FindInMembers(JsonTypeInfo info) => info.Kind != JsonTypeInfoKind.Object ? null : info.Properties
        .Where(property => property.CustomConverter is null && MustHaveValue(property, info))
        .Select(property => Find(property.PropertyType))
        .FirstOrDefault(problem => problem is not null);

    private static bool MustHaveValue(JsonPropertyInfo property, JsonTypeInfo info)
    {
        var takesNull = !info.Options.RespectNullableAnnotations || (property.AssociatedParameter?.IsNullable ?? property.IsSetNullable);
        return !takesNull && BoundMembers.IsRequired(property, info);
    }

    private static Exception? TryBind(JsonTypeInfo info)
    {
        try
        {
            // An object whose constructor takes nothing can be made.
            if (info.Kind != JsonTypeInfoKind.Object || info.CreateObject is null)
            {
                JsonSerializer.Deserialize(
                    info.Kind switch
                    {
                        JsonTypeInfoKind.Object => "{}",
                        JsonTypeInfoKind.Dictionary => """{"0":null}""",
                        JsonTypeInfoKind.Enumerable => "[]",
                        _ => "0",
                    },
                    info);
            }

            return null;
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // The serializer names the type; what a constructor of the project's throws, does not.
            var message = InvocationFailure.MessageOf(exception);
            return message.Contains(info.Type.ToString(), StringComparison.Ordinal) || message.Contains(" dictionary key", StringComparison.Ordinal)
                ? exception
                : null;
        }
        catch (Exception)
        {
            return null; // Another payload may fit.
        }
    }

    private static string Problem(Type type, JsonTypeInfoKind kind, Exception exception) => $"{type}, which no payload fits: " + (type switch
    {
        { IsArray: true } => "JSON has no arrays of several dimensions. Take an array of arrays.",
        { IsAbstract: true } => "it has no instances of its own. Name its derived types with [JsonPolymorphic] and [JsonDerivedType], take one of "
            + "them, or give it a JsonConverter.",
        _ when exception is InvalidOperationException =>
            "each parameter of its constructor needs a public property of the same name and type. Give it those.",
        _ when kind == JsonTypeInfoKind.Object =>
            "it has no constructor to choose. Give it one public constructor, or mark one with [JsonConstructor].",
        _ => "it cannot be read from JSON. Take a type that JSON has, or give it a JsonConverter.",
    });
}
