using System.Reflection;

namespace CloudFunction.Worker.Functions;

/// <summary>Makes instances of one function's class. Thread safe.</summary>
/// <remarks>
/// Neither the container's own activation nor ActivatorUtilities is used: the former would keep the instance in its scope's list of
/// disposables, where one dispose that fails leaves the rest undisposed; the latter compiles expression trees, which costs a cold start tens of
/// milliseconds. The constructor and what each of its parameters needs are found once, at load.
/// </remarks>
internal sealed class FunctionFactory(ConstructorInfo constructor, IReadOnlyList<ConstructorParameter> parameters)
{
    private readonly ConstructorInvoker _constructor = ConstructorInvoker.Create(constructor);
    private readonly ConstructorParameter[] _parameters = [.. parameters];

    /// <summary>Makes an instance, opening the invocation's service scope only if the constructor asks for something.</summary>
    /// <exception cref="Exception">Whatever the constructor, or a service's, throws.</exception>
    public object Create(InvocationContext context)
    {
        if (_parameters.Length == 0)
        {
            return _constructor.Invoke();
        }

        var services = context.Services;
        var arguments = new object?[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = _parameters[i].Resolve(services);
        }

        return _constructor.Invoke(arguments.AsSpan());
    }
}
