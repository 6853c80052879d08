using System.Reflection;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Worker.Loading;

/// <summary>Makes the invokers of a project. All reflection on functions happens here, once, at load.</summary>
internal sealed class FunctionBinder(ProjectContext project, IServiceProvider services)
{
    private readonly IServiceProviderIsService? _isService = services.GetService<IServiceProviderIsService>();

    /// <summary>The invoker, or <see langword="null"/> with at least one more problem.</summary>
    public FunctionInvoker? Bind(DiscoveredFunction function, List<string> problems)
    {
        try
        {
            return MakeFactory(function, problems) is { } factory ? MakeInvoker(function, factory) : null;
        }
        catch (Exception exception)
        {
            // The types, converters and resolvers behind a request or response are the user's; reflection wraps what they throw.
            problems.Add($"{function.Type.FullName} cannot be bound: {LoadCause.MessageOf(exception)}");
            return null;
        }
    }

    private FunctionInvoker MakeInvoker(DiscoveredFunction function, FunctionFactory factory)
    {
        var types = function.Interface.GetGenericArguments();
        var descriptor = new FunctionDescriptor
        {
            Name = function.Name,
            Description = function.Attribute.Description,
            Kind = function.Kind,
            Timeout = FunctionLimits.TimeoutOf(function.Attribute),
            MaxConcurrent = function.Attribute.MaxConcurrent,
            MaxAttempts = function.Attribute.MaxAttempts,
            Schedules = function.Schedules,
            Implementation = function.Type,
            RequestType = types.Length == 2 ? types[0] : null,
            ResponseType = types.Length == 2 ? types[1] : null,
            AcceptsNull = types.Length == 2 && RequestNullability.AcceptsNull(function.Type, function.Interface, types[0]),
            Json = project.Json,
        };
        return function.Kind switch
        {
            FunctionKind.Http => new HttpInvoker(descriptor, project, factory),
            FunctionKind.Streaming => MakeClosed(typeof(StreamingInvoker<,>)),
            _ => types.Length == 2 ? MakeClosed(typeof(TypedInvoker<,>)) : new UntypedInvoker(descriptor, project, factory),
        };

        FunctionInvoker MakeClosed(Type open) =>
            (FunctionInvoker)Activator.CreateInstance(open.MakeGenericType(types), descriptor, project, factory)!;
    }

    private FunctionFactory? MakeFactory(DiscoveredFunction function, List<string> problems)
    {
        var constructors = function.Type.GetConstructors();
        var constructor = constructors is [var only] ? only : Array.Find(constructors, c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)));
        if (constructor is null)
        {
            problems.Add(constructors.Length == 0
                ? $"{function.Type.FullName} has no public constructor: give it one."
                : $"{function.Type.FullName} has {constructors.Length} public constructors: leave one, or mark one with [ActivatorUtilitiesConstructor].");
            return null;
        }

        var before = problems.Count;
        var parameters = Array.ConvertAll(constructor.GetParameters(), Describe);
        foreach (var parameter in parameters)
        {
            if (!parameter.HasDefault && !IsRegistered(parameter))
            {
                problems.Add($"{function.Type.FullName} asks for {parameter.Type} ({parameter.Name}), which nothing registers: register it in an IFunctionStartup.");
            }
        }

        return problems.Count == before ? new FunctionFactory(constructor, parameters) : null;
    }

    private bool IsRegistered(ConstructorParameter parameter) => parameter.Key is null
        ? _isService is null || _isService.IsService(parameter.Type)
        : _isService is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(parameter.Type, parameter.Key);

    private static ConstructorParameter Describe(ParameterInfo parameter) => new(
        parameter.Name ?? string.Empty,
        parameter.ParameterType,
        parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key,
        parameter.HasDefaultValue,
        parameter.HasDefaultValue ? parameter.DefaultValue : null);
}
