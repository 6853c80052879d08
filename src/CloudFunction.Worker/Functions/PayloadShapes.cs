using System.Globalization;
using System.Numerics;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace CloudFunction.Worker.Functions;

/// <summary>What a request type takes no part of, though the serializer does: null among elements that are not nullable, and
/// numbers that are not finite. Thread safe once made.</summary>
internal sealed class PayloadShapes
{
    private readonly Dictionary<(Type Type, string Usage), PayloadShape> _objects = [];
    private readonly List<PayloadShape> _all = [];
    private readonly NullabilityInfoContext _annotations = new();
    private readonly JsonSerializerOptions _options;
    private PayloadShape _root = new();
    private bool _hasSmallNumbers;
    private bool _hasNumbers;
    private bool _hasCollections;

    private PayloadShapes(JsonSerializerOptions options) => _options = options;

    /// <summary>Reads those of a request type.</summary>
    /// <param name="request">The type.</param>
    /// <param name="parameter">The parameter that it is the type of, which has its annotations.</param>
    /// <returns>null where there is nothing to check.</returns>
    public static PayloadShapes? Of(JsonTypeInfo request, ParameterInfo? parameter)
    {
        var shapes = new PayloadShapes(request.Options);
        var usage = parameter is null || !HasArguments(parameter.ParameterType)
            ? AnnotatedType.Unknown
            : AnnotatedType.Of(parameter, shapes._annotations);
        shapes._root = shapes.Make(request.Type, usage, request.Options.NumberHandling);
        return shapes.Prune().Contains(shapes._root) ? shapes : null;
    }

    /// <summary>Finds the first value of a payload, which has been bound, that does not fit.</summary>
    public PayloadFault? Find(ReadOnlySpan<byte> payload, in JsonReaderOptions options)
    {
        if (!MayNotFit(payload))
        {
            return null;
        }

        var reader = new Utf8JsonReader(payload, options);
        reader.Read();
        return _root.Find(ref reader) is { } message ? new PayloadFault(message, checked((int)reader.TokenStartIndex)) : null;
    }

    // Most payloads are read no second time. Digits alone make a double infinite only where PayloadCheck has found that.
    private bool MayNotFit(ReadOnlySpan<byte> payload) =>
        _hasSmallNumbers
        || (_hasCollections && payload.IndexOf("null"u8) >= 0)
        || (_hasNumbers && (payload.IndexOf("NaN"u8) >= 0 || payload.IndexOf("Infinity"u8) >= 0 || payload.IndexOf("\\u"u8) >= 0));

    private PayloadShape Make(Type type, AnnotatedType usage, JsonNumberHandling numbers)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (BoundMembers.InfoOf(type, _options) is not { } info)
        {
            return new PayloadShape();
        }

        var key = (type, $"{usage.Key}{numbers}");
        if (_objects.TryGetValue(key, out var known))
        {
            return known;
        }

        var shape = new PayloadShape();
        _all.Add(shape);
        _objects.Add(key, shape);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                FillObject(shape, info, usage);
                break;
            case JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary when info.ElementType is { } element:
                var elements = IsLastArgument(type, element) && usage.Arguments.Count > 0 ? usage.Arguments[^1] : AnnotatedType.Unknown;
                shape.RefusesNull = elements.RefusesNull && _options.RespectNullableAnnotations;
                shape.Element = Make(element, elements, info.NumberHandling ?? numbers);
                _hasCollections |= shape.RefusesNull;
                break;
            case JsonTypeInfoKind.None when (numbers & JsonNumberHandling.AllowNamedFloatingPointLiterals) == 0 && IsBuiltIn(info.Converter):
                FillNumber(shape, type);
                break;
        }

        return shape;
    }

    private void FillObject(PayloadShape shape, JsonTypeInfo info, AnnotatedType usage)
    {
        shape.Members = new(_options.PropertyNameCaseInsensitive ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        foreach (var property in info.Properties.Where(each => BoundMembers.IsBound(each, info)))
        {
            // A converter of the project's may take anything.
            if (property.CustomConverter is null or JsonConverterFactory || IsBuiltIn(property.CustomConverter))
            {
                var member = HasArguments(property.PropertyType) && property.AttributeProvider is MemberInfo declared
                    ? AnnotatedType.Of(declared, info.Type, usage, _annotations)
                    : AnnotatedType.Unknown;
                shape.Members.TryAdd(
                    property.Name, Make(property.PropertyType, member, property.NumberHandling ?? info.NumberHandling ?? _options.NumberHandling));
            }
        }

        if (info.PolymorphismOptions is { } kinds)
        {
            shape.Kinds = (kinds.TypeDiscriminatorPropertyName, kinds.DerivedTypes
                .Where(kind => kind.TypeDiscriminator is not null)
                .ToDictionary(
                    kind => string.Create(CultureInfo.InvariantCulture, $"{kind.TypeDiscriminator}"),
                    kind => Make(kind.DerivedType, AnnotatedType.Unknown, _options.NumberHandling)));
        }
    }

    private void FillNumber(PayloadShape shape, Type type)
    {
        shape.IsFinite =
            type == typeof(double) ? static text => IsFinite<double>(text)
            : type == typeof(float) ? static text => IsFinite<float>(text)
            : type == typeof(Half) ? static text => IsFinite<Half>(text)
            : null;
        _hasNumbers |= shape.IsFinite is not null;
        _hasSmallNumbers |= type == typeof(float) || type == typeof(Half);
    }

    private static bool IsFinite<T>(ReadOnlySpan<byte> text)
        where T : INumberBase<T> =>
        !T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || T.IsFinite(number);

    private static bool HasArguments(Type type) => type.IsArray || type.IsGenericType;

    private static bool IsBuiltIn(JsonConverter converter) => converter.GetType().Assembly == typeof(JsonConverter).Assembly;

    private static bool IsLastArgument(Type collection, Type element) =>
        collection.IsArray || (collection.IsGenericType && collection.GenericTypeArguments[^1] == element);

    // Leaves what has something to check in it, however deep.
    private HashSet<PayloadShape?> Prune()
    {
        var wanted = new HashSet<PayloadShape?>(_all.Where(shape => shape.RefusesNull || shape.IsFinite is not null));
        for (var before = -1; before < wanted.Count;)
        {
            before = wanted.Count;
            wanted.UnionWith(_all.Where(shape => shape.Parts.Any(wanted.Contains)));
        }

        foreach (var shape in _all)
        {
            shape.Element = wanted.Contains(shape.Element) ? shape.Element : null;
            foreach (var (name, _) in shape.Members?.Where(member => !wanted.Contains(member.Value)).ToList() ?? [])
            {
                shape.Members!.Remove(name);
            }
        }

        return wanted;
    }
}
