using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>The DataAnnotations on one type.</summary>
/// <param name="Members">Those of its members: on the property or, of a record, on the constructor's parameter.</param>
/// <param name="Bound">The members that a payload sets, whose own members have rules too. What the type computes is not read.</param>
/// <param name="OfType">Those on the type itself.</param>
/// <param name="IsValidatable">Whether it validates itself.</param>
internal sealed record TypeRules(
    IReadOnlyList<(JsonPropertyInfo Property, ValidationAttribute[] Attributes)> Members,
    IReadOnlyList<JsonPropertyInfo> Bound,
    ValidationAttribute[] OfType,
    bool IsValidatable)
{
    /// <summary>Whether there are none on the type or its members.</summary>
    public bool IsEmpty => Members.Count == 0 && OfType.Length == 0 && !IsValidatable;

    /// <summary>Reads them.</summary>
    public static TypeRules Of(JsonTypeInfo type) => new(
        [.. type.Properties.Where(property => property.Get is not null)
            .Select(property => (property, Of(property)))
            .Where(member => member.Item2.Length > 0)],
        [.. type.Properties.Where(property => property.Get is not null && BoundMembers.IsBound(property, type))],
        [.. type.Type.GetCustomAttributes<ValidationAttribute>()],
        type.Type.IsAssignableTo(typeof(IValidatableObject)));

    // Required comes first: where it is broken, the others pass.
    private static ValidationAttribute[] Of(JsonPropertyInfo property) =>
    [
        .. On(property.AttributeProvider)
            .Concat(On(property.AssociatedParameter?.AttributeProvider))
            .OrderByDescending(attribute => attribute is RequiredAttribute),
    ];

    private static IEnumerable<ValidationAttribute> On(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>() ?? [];
}
