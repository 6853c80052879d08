using System.Reflection;
using CloudFunction.Protocol;

namespace CloudFunction.Worker.Loading;

/// <summary>What an entry assembly holds.</summary>
internal sealed class Discovery
{
    /// <summary>Key of the assembly metadata with the value <c>true</c> that lets non-public classes be functions. The build of bare <c>.cs</c> files
    /// writes it, since nobody expects to need <c>public</c> in a file that is a function.</summary>
    public const string NonPublicKey = "CloudFunction.NonPublicFunctions";

    private readonly List<DiscoveredFunction> _functions = [];
    private readonly List<SkippedClass> _skipped = [];
    private readonly List<Type> _startups = [];
    private readonly List<string> _problems = [];

    private Discovery()
    {
    }

    /// <summary>The functions, sorted by name.</summary>
    public IReadOnlyList<DiscoveredFunction> Functions => _functions;

    /// <summary>Classes that look like functions and are none, sorted by type.</summary>
    public IReadOnlyList<SkippedClass> Skipped => _skipped;

    /// <summary>The project's startup, if it has one.</summary>
    public Type? Startup => _startups.Count == 1 ? _startups[0] : null;

    /// <summary>What refuses the deployment; none where all is well.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Searches every type of <paramref name="entry"/>, running none of its code but its attributes'.</summary>
    /// <exception cref="ProjectLoadException">Its types cannot be read.</exception>
    public static Discovery Of(Assembly entry)
    {
        var discovery = new Discovery();
        var takesNonPublic = TakesNonPublic(entry);
        foreach (var type in TypesOf(entry))
        {
            if (type.IsClass)
            {
                discovery.Add(type, takesNonPublic);
            }
        }

        discovery.Finish(entry);
        return discovery;
    }

    private static bool TakesNonPublic(Assembly entry)
    {
        foreach (var metadata in entry.GetCustomAttributes<AssemblyMetadataAttribute>())
        {
            if (metadata.Key == NonPublicKey)
            {
                return string.Equals(metadata.Value, "true", StringComparison.OrdinalIgnoreCase);
            }
        }

        return false;
    }

    private static Type[] TypesOf(Assembly entry)
    {
        try
        {
            return entry.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            var causes = exception.LoaderExceptions.Where(e => e is not null)
                .Select(e => LoadCause.MessageOf(e!))
                .Distinct(StringComparer.Ordinal)
                .ToArray();
            throw new ProjectLoadException(
                [.. causes.Select(cause => $"A type of {entry.GetName().Name} cannot be loaded: {cause} Publish the project with all "
                    + "that it references.")],
                exception);
        }
    }

    private static bool IsFunctionInterface(Type type) =>
        type == typeof(IFunction)
        || type == typeof(IHttpFunction)
        || (type.IsGenericType
            && (type.GetGenericTypeDefinition() == typeof(IFunction<,>) || type.GetGenericTypeDefinition() == typeof(IStreamingFunction<,>)));

    private void Add(Type type, bool takesNonPublic)
    {
        Type? implemented = null;
        var count = 0;
        foreach (var candidate in type.GetInterfaces())
        {
            if (IsFunctionInterface(candidate))
            {
                implemented = candidate;
                count++;
            }
            else if (candidate == typeof(IFunctionStartup) && !type.IsAbstract)
            {
                _startups.Add(type);
            }
        }

        var methods = FunctionMethodsOf(type);
        if (implemented is null && methods.Count == 0)
        {
            return;
        }

        var needsInstance = implemented is not null || methods.Exists(m => !m.IsStatic);
        var reason = type.IsAbstract && needsInstance ? "it is abstract"
            : type.ContainsGenericParameters ? "it is generic; derive a class from it that is not"
            : !type.IsVisible && !takesNonPublic ? "it is not public; make it, and the classes around it, public"
            : null;
        if (reason is not null)
        {
            _skipped.Add(new SkippedClass(type.FullName ?? type.Name, reason));
        }
        else if (implemented is null)
        {
            foreach (var method in methods)
            {
                AddFunction(type, method, takesNonPublic);
            }
        }
        else if (methods.Count > 0)
        {
            _problems.Add(
                $"{type.FullName} implements a function interface, and its method {methods[0].Name} has [Function] as well: put the attribute on the "
                + "class, or the method into a class of its own.");
        }
        else if (count > 1)
        {
            _problems.Add($"{type.FullName} implements {count} function interfaces, and a function has one: split it into {count} classes.");
        }
        else
        {
            AddFunction(type, implemented);
        }
    }

    // Of the class itself: the attribute is not inherited. What the compiler makes (closures, state machines) holds none of the author's methods.
    private static List<MethodInfo> FunctionMethodsOf(Type type)
    {
        if (type.Name.StartsWith('<'))
        {
            return [];
        }

        const BindingFlags All =
            BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        return [.. type.GetMethods(All)
            .Where(static m => m.IsDefined(typeof(FunctionAttribute), inherit: false))
            .OrderBy(static m => m.MetadataToken)];
    }

    private void AddFunction(Type type, MethodInfo method, bool takesNonPublic)
    {
        if (!method.IsPublic && !takesNonPublic)
        {
            _problems.Add($"{type.FullName}.{method.Name} has [Function] and is not public: make it public.");
        }
        else if (method.IsGenericMethodDefinition)
        {
            _problems.Add($"{type.FullName}.{method.Name} has [Function] and is generic: a function's types are fixed.");
        }
        else if (MethodSignature.Read(method, _problems) is { } signature)
        {
            AddFunction(
                method,
                $"{type.FullName}.{method.Name}",
                FunctionName.OfMethod(method.Name),
                (name, attribute, schedules) => new(type, null, signature, name, attribute, schedules));
        }
    }

    private void AddFunction(Type type, Type implemented) =>
        AddFunction(
            type,
            type.FullName!,
            FunctionName.Of(type.Name),
            (name, attribute, schedules) => new(type, implemented, null, name, attribute, schedules));

    private void AddFunction(
        MemberInfo member, string place, string ownName, Func<string, FunctionAttribute, ScheduleAttribute[], DiscoveredFunction> make)
    {
        FunctionAttribute attribute;
        ScheduleAttribute[] schedules;
        try
        {
            attribute = member.GetCustomAttribute<FunctionAttribute>(inherit: false) ?? new FunctionAttribute();
            schedules = [.. member.GetCustomAttributes<ScheduleAttribute>(inherit: false)];
        }
        catch (Exception exception)
        {
            // Attributes are built by running their constructors and by loading the types that they name.
            _problems.Add($"The attributes of {place} cannot be read: {LoadCause.MessageOf(exception)}");
            return;
        }

        var name = attribute.Name ?? ownName;
        if (!NameRule.IsValid(name))
        {
            _problems.Add(attribute.Name is null
                ? $"{place} would be named '{name}', which is not a valid name: give it one with [Function(\"name\")]. A name is {NameRule.Text}."
                : $"{place} is named '{name}' by its attribute, which is not a valid name. A name is {NameRule.Text}.");
            return;
        }

        FunctionLimits.Check(place, attribute, _problems);
        _functions.Add(make(name, attribute, schedules));
    }

    private void Finish(Assembly entry)
    {
        _functions.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        _skipped.Sort(static (a, b) => string.CompareOrdinal(a.Type, b.Type));
        foreach (var same in _functions.GroupBy(f => f.Name).Where(g => g.Count() > 1))
        {
            var types = string.Join(" and ", same.Select(f => f.Place).Order(StringComparer.Ordinal));
            _problems.Add($"{types} are both named '{same.Key}': give one another name with [Function(\"name\")].");
        }

        if (_startups.Count > 1)
        {
            _problems.Add(
                $"{string.Join(" and ", _startups.Select(t => t.FullName))} implement IFunctionStartup, and a project has one at most: merge them.");
        }
        else if (Startup is { } startup
            && (startup.ContainsGenericParameters
                || startup.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is null))
        {
            _problems.Add(
                $"{startup.FullName} implements IFunctionStartup but cannot be made: give it a parameterless constructor and no type parameters.");
        }

        if (_functions.Count == 0 && _problems.Count == 0)
        {
            var skipped = string.Concat(_skipped.Select(p => $" {p.Type} was skipped: {p.Reason}."));
            _problems.Add(
                $"{entry.GetName().Name} has no function: add a public class that implements IFunction<TRequest, TResponse> or another function "
                + $"interface, or a public method with [Function].{skipped}");
        }
    }
}
