using System.Reflection;

namespace CloudFunction.Worker.Functions;

/// <summary>Whether a type refuses null where it is used, and so its arguments: <c>List&lt;Line&gt;</c> or <c>List&lt;Line?&gt;</c>.</summary>
/// <param name="RefusesNull">Whether null is no value of it. Code without annotations takes null.</param>
/// <param name="Arguments">Its generic arguments, or of an array its element.</param>
internal sealed record AnnotatedType(bool RefusesNull, IReadOnlyList<AnnotatedType> Arguments)
{
    /// <summary>Of which nothing is known.</summary>
    public static readonly AnnotatedType Unknown = new(false, []);

    /// <summary>All of it, written in a few signs: types of one text are alike.</summary>
    public string Key { get; } = (RefusesNull ? "!" : "?") + (Arguments.Count == 0 ? "" : $"({string.Concat(Arguments.Select(each => each.Key))})");

    /// <summary>The type of a parameter.</summary>
    public static AnnotatedType Of(ParameterInfo parameter, NullabilityInfoContext context)
    {
        // Of a generic type's method, the definition has names where this one has arguments whose annotations are not known.
        var definition = parameter.Member is MethodBase { DeclaringType: { IsGenericType: true } declaring } method
            ? ((MethodBase)declaring.GetGenericTypeDefinition().GetMemberWithSameMetadataDefinitionAs(method)).GetParameters()[parameter.Position]
            : parameter;
        return Of(context.Create(parameter), definition.ParameterType, []);
    }

    /// <summary>The type of a property or field.</summary>
    /// <param name="member">Which.</param>
    /// <param name="owner">The type that it was found on.</param>
    /// <param name="usage">How that one is used.</param>
    /// <param name="context">Reads annotations.</param>
    public static AnnotatedType Of(MemberInfo member, Type owner, AnnotatedType usage, NullabilityInfoContext context)
    {
        var definition = member.DeclaringType is { IsGenericType: true } declaring
            ? declaring.GetGenericTypeDefinition().GetMemberWithSameMetadataDefinitionAs(member)
            : member;
        IReadOnlyList<AnnotatedType> arguments = member.DeclaringType == owner ? usage.Arguments : [];
        return (member, definition) switch
        {
            (PropertyInfo property, PropertyInfo { PropertyType: var type }) => Of(context.Create(property), type, arguments),
            (FieldInfo field, FieldInfo { FieldType: var type }) => Of(context.Create(field), type, arguments),
            _ => Unknown,
        };
    }

    private static AnnotatedType Of(NullabilityInfo info, Type definition, IReadOnlyList<AnnotatedType> owner)
    {
        if (definition.IsGenericParameter)
        {
            return definition.GenericParameterPosition < owner.Count ? owner[definition.GenericParameterPosition] : Unknown;
        }

        var open = Nullable.GetUnderlyingType(definition) ?? definition;
        return new AnnotatedType(
            !info.Type.IsValueType && info.ReadState == NullabilityState.NotNull,
            open.IsArray ? [Of(info.ElementType!, open.GetElementType()!, owner)]
            : open.IsGenericType && info.GenericTypeArguments.Length == open.GetGenericArguments().Length
                ? [.. info.GenericTypeArguments.Zip(open.GetGenericArguments(), (argument, type) => Of(argument, type, owner))]
            : []);
    }
}
