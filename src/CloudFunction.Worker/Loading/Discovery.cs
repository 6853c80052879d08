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
    private readonly List<PassedOver> _passedOver = [];
    private readonly List<Type> _startups = [];
    private readonly List<string> _problems = [];

    private Discovery()
    {
    }

    /// <summary>The functions, sorted by name.</summary>
    public IReadOnlyList<DiscoveredFunction> Functions => _functions;

    /// <summary>Classes that look like functions and are none, sorted by type.</summary>
    public IReadOnlyList<PassedOver> PassedOver => _passedOver;

    /// <summary>The project's startup, if it has one.</summary>
    public Type? Startup => _startups.Count == 1 ? _startups[0] : null;

    /// <summary>What refuses the deployment; none where all is well.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>Looks through every type of <paramref name="entry"/>, running none of its code but its attributes'.</summary>
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
            var causes = exception.LoaderExceptions.Where(e => e is not null).Select(e => LoadCause.MessageOf(e!)).Distinct(StringComparer.Ordinal).ToArray();
            throw new ProjectLoadException(
                [.. causes.Select(cause => $"A type of {entry.GetName().Name} cannot be loaded: {cause} Publish the project with all that it references.")],
                exception);
        }
    }

    private static bool IsFunctionInterface(Type type) =>
        type == typeof(IFunction)
        || type == typeof(IHttpFunction)
        || (type.IsGenericType && (type.GetGenericTypeDefinition() == typeof(IFunction<,>) || type.GetGenericTypeDefinition() == typeof(IStreamingFunction<,>)));

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

        if (implemented is null)
        {
            return;
        }

        var reason = type.IsAbstract ? "it is abstract"
            : type.ContainsGenericParameters ? "it is generic; derive a class from it that is not"
            : !type.IsVisible && !takesNonPublic ? "it is not public; make it, and the classes around it, public"
            : null;
        if (reason is not null)
        {
            _passedOver.Add(new PassedOver(type.FullName ?? type.Name, reason));
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

    private void AddFunction(Type type, Type implemented)
    {
        FunctionAttribute attribute;
        ScheduleAttribute[] schedules;
        try
        {
            attribute = type.GetCustomAttribute<FunctionAttribute>() ?? new FunctionAttribute();
            schedules = [.. type.GetCustomAttributes<ScheduleAttribute>()];
        }
        catch (Exception exception)
        {
            // Attributes are built by running their constructors and by loading the types that they name.
            _problems.Add($"The attributes of {type.FullName} cannot be read: {LoadCause.MessageOf(exception)}");
            return;
        }

        var name = attribute.Name ?? FunctionName.Of(type.Name);
        if (!NameRule.IsValid(name))
        {
            _problems.Add(attribute.Name is null
                ? $"{type.FullName} would be named '{name}', which is no valid name: give it one with [Function(\"name\")]. A name is {NameRule.Text}."
                : $"{type.FullName} is named '{name}' by its attribute, which is no valid name. A name is {NameRule.Text}.");
            return;
        }

        FunctionLimits.Check(type, attribute, _problems);
        _functions.Add(new DiscoveredFunction(type, implemented, name, attribute, schedules));
    }

    private void Finish(Assembly entry)
    {
        _functions.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        _passedOver.Sort(static (a, b) => string.CompareOrdinal(a.Type, b.Type));
        foreach (var same in _functions.GroupBy(f => f.Name).Where(g => g.Count() > 1))
        {
            var types = string.Join(" and ", same.Select(f => f.Type.FullName).Order(StringComparer.Ordinal));
            _problems.Add($"{types} are both named '{same.Key}': give one another name with [Function(\"name\")].");
        }

        if (_startups.Count > 1)
        {
            _problems.Add($"{string.Join(" and ", _startups.Select(t => t.FullName))} implement IFunctionStartup, and a project has one at most: merge them.");
        }
        else if (Startup is { } startup && (startup.ContainsGenericParameters || startup.GetConstructor(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic, []) is null))
        {
            _problems.Add($"{startup.FullName} implements IFunctionStartup but cannot be made: give it a parameterless constructor and no type parameters.");
        }

        if (_functions.Count == 0 && _problems.Count == 0)
        {
            var passedOver = string.Concat(_passedOver.Select(p => $" {p.Type} was passed over: {p.Reason}."));
            _problems.Add($"{entry.GetName().Name} has no function: add a public class that implements IFunction<TRequest, TResponse> or another function interface.{passedOver}");
        }
    }
}
