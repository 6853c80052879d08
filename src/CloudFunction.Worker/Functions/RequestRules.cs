using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>The DataAnnotations on a request type and on all that a payload makes of it. Thread safe.</summary>
internal sealed class RequestRules
{
    private readonly ConcurrentDictionary<Type, TypeRules> _types = new();
    private readonly ConcurrentDictionary<Type, bool> _withRules = new();
    private readonly JsonTypeInfo _request;

    private RequestRules(JsonTypeInfo request) => _request = request;

    /// <summary>The rules of a request type; null where there are none.</summary>
    public static RequestRules? Of(JsonTypeInfo request) => HasAny(request.Type, request.Options, []) ? new RequestRules(request) : null;

    /// <summary>Finds what in a request breaks them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="payloadBytes">How large the payload is that it was made of.</param>
    /// <returns>The JSON path of each fault, and what is wrong. Where a rule or a property throws, it is that.</returns>
    public IReadOnlyList<(string Path, string Message)> Check(object? request, int payloadBytes)
    {
        var check = new RuleCheck(this, payloadBytes);
        check.Check(request, _request, "$");
        return check.Faults;
    }

    /// <summary>Those of one type.</summary>
    public TypeRules RulesOf(JsonTypeInfo type) => _types.GetOrAdd(type.Type, static (_, of) => TypeRules.Of(of), type);

    /// <summary>Whether a value of this type may have any in it. Of any but a sealed type there may be a derived one, with rules of its
    /// own.</summary>
    public bool MayHaveAny(Type type) =>
        !(Nullable.GetUnderlyingType(type) ?? type).IsSealed
        || _withRules.GetOrAdd(type, static (each, options) => HasAny(each, options, []), _request.Options);

    private static bool HasAny(Type type, JsonSerializerOptions options, HashSet<Type> visited)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (!visited.Add(type) || BoundMembers.InfoOf(type, options) is not { } info)
        {
            return false;
        }

        return (info.Kind == JsonTypeInfoKind.Object && KnowsAnnotations(type) && TypeRules.Of(info) is { IsEmpty: false })
            || BoundMembers.TypesIn(info).Any(each => HasAny(each, options, visited));
    }

    // Most projects have none, and to search for attributes costs more than to check what an assembly references.
    private static bool KnowsAnnotations(Type type) =>
        Array.Exists(
            type.Assembly.GetReferencedAssemblies(),
            static name => name.Name is "System.ComponentModel.Annotations" or "System.ComponentModel.DataAnnotations");
}
