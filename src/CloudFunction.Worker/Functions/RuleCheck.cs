using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace CloudFunction.Worker.Functions;

/// <summary>One check of a request against its rules.</summary>
/// <remarks>It reads what a payload sets, and nothing that a type computes, save where that has a rule itself. Each object is checked once, wherever
/// it is met again, and none that lies deeper than a payload goes.</remarks>
internal sealed class RuleCheck(RequestRules rules, int payloadBytes)
{
    // Enough to mend a request by; a list of ten thousand wrong items is not answered with as many lines.
    private const int MaxFaults = 50;

    // The serializer's own, where the options set none.
    private const int UnsetMaxDepth = 64;

    // Whatever the options allow, this recursion must not exhaust the stack.
    private const int DepthLimit = 500;

    // More values than that no payload makes, defaults among them, but properties that are settable and make a new value at each reading.
    private const int ValuesPerByte = 16;
    private const int MinValues = 100_000;

    private readonly List<(string Path, string Message)> _faults = [];
    private HashSet<object>? _visited;
    private long _left = Math.Max(MinValues, (long)payloadBytes * ValuesPerByte);
    private int _depth;

    /// <summary>What is wrong, each with its JSON path.</summary>
    public IReadOnlyList<(string Path, string Message)> Faults => _faults;

    /// <summary>Checks a value, and what is in it.</summary>
    public void Check(object? value, JsonTypeInfo declared, string path)
    {
        if (value is null || _faults.Count >= MaxFaults || _depth > MaxDepth(declared.Options) || --_left < 0 || !IsNew(value))
        {
            return;
        }

        // Of a derived type, where the options know it.
        var info = value.GetType() != declared.Type && declared.Options.TryGetTypeInfo(value.GetType(), out var actual) ? actual : declared;
        _depth++;
        try
        {
            CheckKnown(value, info, path);
        }
        finally
        {
            _depth--;
        }
    }

    private void CheckKnown(object value, JsonTypeInfo info, string path)
    {
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object:
                CheckObject(value, info, path);
                break;
            case JsonTypeInfoKind.Dictionary when value is IDictionary entries && info.ElementType is { } type && rules.MayHaveAny(type):
                foreach (DictionaryEntry entry in entries)
                {
                    Check(entry.Value, info.Options.GetTypeInfo(type), path + JsonPath.Step(entry.Key.ToString() ?? ""));
                }

                break;
            case JsonTypeInfoKind.Enumerable
                when value is IEnumerable items && info.ElementType is { } type && rules.MayHaveAny(type) && !IsDefault(value):
                var index = 0;
                foreach (var item in items)
                {
                    Check(item, info.Options.GetTypeInfo(type), path + JsonPath.Step(index++));
                }

                break;
        }
    }

    private static int MaxDepth(JsonSerializerOptions options) => Math.Min(options.MaxDepth == 0 ? UnsetMaxDepth : options.MaxDepth, DepthLimit);

    private bool IsNew(object value) =>
        value is ValueType or string || (_visited ??= new HashSet<object>(ReferenceEqualityComparer.Instance)).Add(value);

    // Of an array that no payload has set nothing can be read.
    private static bool IsDefault(object value) =>
        value.GetType() is { IsGenericType: true } type
        && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
        && type.GetProperty(nameof(ImmutableArray<int>.IsDefault))!.GetValue(value) is true;

    private void CheckObject(object value, JsonTypeInfo info, string path)
    {
        var before = _faults.Count;
        var own = rules.RulesOf(info);
        foreach (var (property, attributes) in own.Members)
        {
            var place = path + JsonPath.Step(property.Name);
            try
            {
                Apply(
                    attributes,
                    property.Get!(value),
                    new ValidationContext(value) { MemberName = property.Name, DisplayName = property.Name },
                    place);
            }
            catch (Exception exception)
            {
                AddThrown(exception, place, before);
            }
        }

        try
        {
            if (own.OfType.Length > 0)
            {
                Apply(own.OfType, value, new ValidationContext(value), path);
            }
        }
        catch (Exception exception)
        {
            AddThrown(exception, path, before);
        }

        CheckBound(value, info, own, path, before);
        try
        {
            if (value is IValidatableObject validatable)
            {
                AddOwn(validatable, path);
            }
        }
        catch (Exception exception)
        {
            AddThrown(exception, path, before);
        }
    }

    private void CheckBound(object value, JsonTypeInfo info, TypeRules own, string path, int before)
    {
        foreach (var property in own.Bound)
        {
            if (!rules.MayHaveAny(property.PropertyType))
            {
                continue;
            }

            var place = path + JsonPath.Step(property.Name);
            try
            {
                if (property.Get!(value) is { } part && BoundMembers.InfoOf(property.PropertyType, info.Options) is { } type)
                {
                    Check(part, type, place);
                }
            }
            catch (Exception exception)
            {
                AddThrown(exception, place, before);
            }
        }
    }

    // By a rule or a property of the project's: of another value it would not throw. Where the object is broken already, that is why.
    private void AddThrown(Exception exception, string place, int before)
    {
        if (_faults.Count == before)
        {
            _faults.Add((place, InvocationFailure.MessageOf(exception)));
        }
    }

    private void Apply(ValidationAttribute[] attributes, object? value, ValidationContext context, string path)
    {
        foreach (var attribute in attributes)
        {
            if (MessageOf(attribute, value, context) is { } message)
            {
                _faults.Add((path, message));
            }
        }
    }

    // Attributes throw where a value is beyond their numbers, or takes a pattern too long: in their own words, it is not valid. What is thrown
    // where they are used wrongly, or by the project's own, is reported as it is.
    private static string? MessageOf(ValidationAttribute attribute, object? value, ValidationContext context)
    {
        try
        {
            return attribute.GetValidationResult(value, context) is { } result ? result.ErrorMessage ?? "It is not valid." : null;
        }
        catch (Exception exception) when (exception is OverflowException or FormatException or RegexMatchTimeoutException
            || (exception is ArgumentException or InvalidCastException
                && attribute.GetType().Assembly == typeof(ValidationAttribute).Assembly && attribute is not CustomValidationAttribute))
        {
            return attribute.FormatErrorMessage(context.DisplayName);
        }
    }

    private void AddOwn(IValidatableObject validatable, string path)
    {
        foreach (var result in validatable.Validate(new ValidationContext(validatable)).Where(result => result != ValidationResult.Success))
        {
            var members = result.MemberNames.DefaultIfEmpty("");
            _faults.AddRange(members.Select(member => (
                member.Length > 0 ? path + JsonPath.Step(JsonNamingPolicy.CamelCase.ConvertName(member)) : path,
                result.ErrorMessage ?? "It is not valid.")));
        }
    }
}
