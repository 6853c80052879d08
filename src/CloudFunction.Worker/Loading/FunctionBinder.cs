using System.Reflection;
using CloudFunction.Protocol.Messages;
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
            var before = problems.Count;
            var factory = MakeFactory(function, problems);
            CheckServices(function, problems);
            return problems.Count == before ? MakeInvoker(function, factory!) : null;
        }
        catch (Exception exception)
        {
            // The types, converters and resolvers behind a request or response are the user's; reflection wraps what they throw.
            problems.Add($"{function.Place} cannot be bound: {LoadCause.MessageOf(exception)}");
            return null;
        }
    }

    private FunctionInvoker MakeInvoker(DiscoveredFunction function, FunctionFactory factory)
    {
        Type[] types = function.Interface?.GetGenericArguments() ?? [];
        var descriptor = Describe(function, types);
        if (function.Method is { } signature)
        {
            return MakeInvoker(descriptor, signature, factory);
        }

        return function.Kind switch
        {
            FunctionKind.Http => new HttpInvoker(
                descriptor, project, factory, static (function, http, context, token) => ((IHttpFunction)function).InvokeAsync(http, context, token)),
            FunctionKind.Streaming => MakeClosed(nameof(MakeStreaming), types, descriptor, factory, null),
            _ => types.Length == 2
                ? MakeClosed(nameof(MakeTyped), types, descriptor, factory, null)
                : new UntypedInvoker(descriptor, project, factory),
        };
    }

    private FunctionInvoker MakeInvoker(FunctionDescriptor descriptor, MethodSignature signature, FunctionFactory factory)
    {
        var method = new FunctionMethod(signature.Method, signature.Parameters, signature.Returns);
        return signature.Kind switch
        {
            FunctionKind.Http => new HttpInvoker(descriptor, project, factory, method.RunAsync),
            FunctionKind.Streaming =>
                MakeClosed(nameof(MakeMethodStreaming), [signature.RequestType, signature.Result!], descriptor, factory, method),
            _ => signature.Result is { } result
                ? MakeClosed(nameof(MakeMethodResult), [signature.RequestType, result], descriptor, factory, method)
                : MakeClosed(nameof(MakeMethodAction), [signature.RequestType], descriptor, factory, method),
        };
    }

    private FunctionInvoker MakeClosed(string maker, Type[] types, FunctionDescriptor descriptor, FunctionFactory factory, FunctionMethod? method) =>
        (FunctionInvoker)typeof(FunctionBinder).GetMethod(maker, BindingFlags.Instance | BindingFlags.NonPublic)!
            .MakeGenericMethod(types).Invoke(this, [descriptor, factory, method])!;

    private TypedInvoker<TRequest, TResponse> MakeTyped<TRequest, TResponse>(
        FunctionDescriptor descriptor, FunctionFactory factory, FunctionMethod? method) =>
        new(descriptor, project, factory);

    private StreamingInvoker<TRequest, TItem> MakeStreaming<TRequest, TItem>(
        FunctionDescriptor descriptor, FunctionFactory factory, FunctionMethod? method) =>
        new(
            descriptor,
            project,
            factory,
            static (function, request, context, token) => ((IStreamingFunction<TRequest, TItem>)function).InvokeAsync(request, context, token));

    private StreamingInvoker<TRequest, TItem> MakeMethodStreaming<TRequest, TItem>(
        FunctionDescriptor descriptor, FunctionFactory factory, FunctionMethod? method) =>
        new(descriptor, project, factory, (function, request, context, token) => method!.Enumerate<TItem>(function, request, context, token));

    private MethodResultInvoker<TRequest, TResponse> MakeMethodResult<TRequest, TResponse>(
        FunctionDescriptor descriptor, FunctionFactory factory, FunctionMethod? method) =>
        new(descriptor, project, factory, method!);

    private MethodActionInvoker<TRequest> MakeMethodAction<TRequest>(
        FunctionDescriptor descriptor, FunctionFactory factory, FunctionMethod? method) =>
        new(descriptor, project, factory, method!);

    private FunctionDescriptor Describe(DiscoveredFunction function, Type[] types)
    {
        var method = function.Method;
        var takesHttp = function.Kind == FunctionKind.Http;
        var request = takesHttp ? null
            : method is not null ? method.Request
            : types.Length == 2 ? RequestNullability.ParameterOf(function.Type, function.Interface!)
            : null;
        return new FunctionDescriptor
        {
            Name = function.Name,
            Description = function.Attribute.Description,
            Kind = function.Kind,
            Timeout = FunctionLimits.TimeoutOf(function.Attribute),
            MaxConcurrent = function.Attribute.MaxConcurrent,
            MaxAttempts = function.Attribute.MaxAttempts,
            Schedules = function.Schedules,
            Implementation = function.Type,
            RequestType = request?.ParameterType,
            RequestParameter = request,
            ResponseType = method is not null ? method.Result : types.Length == 2 ? types[1] : null,
            AcceptsNull = method is not null
                ? !takesHttp && method.AcceptsNull
                : request is not null && RequestNullability.AcceptsNull(request),
            Json = project.Json,
        };
    }

    // Of the method's own; a constructor's are checked with it.
    private void CheckServices(DiscoveredFunction function, List<string> problems)
    {
        // A container has a list of anything, so that proves nothing.
        if (function.Method?.Request is { } request && _isService?.IsService(request.ParameterType) == true
            && !(request.ParameterType.IsGenericType && request.ParameterType.GetGenericTypeDefinition() == typeof(IEnumerable<>)))
        {
            problems.Add(
                $"{function.Place} takes {request.ParameterType} ({request.Name}) from the request, and it is a registered service: mark it "
                + "with [FromServices].");
        }

        foreach (var parameter in function.Method?.Parameters ?? [])
        {
            if (parameter.Service is { HasDefault: false } service && !IsRegistered(service))
            {
                problems.Add(
                    $"{function.Place} asks for {service.Type} ({service.Name}), which nothing registers: register it in an IFunctionStartup.");
            }
        }
    }

    private FunctionFactory? MakeFactory(DiscoveredFunction function, List<string> problems)
    {
        if (function.Method is { Method.IsStatic: true })
        {
            return new FunctionFactory(typeof(object).GetConstructor([])!, []); // A static method has no use for an instance.
        }

        var constructors = function.Type.GetConstructors();
        var constructor = constructors is [var only]
            ? only
            : Array.Find(constructors, c => c.IsDefined(typeof(ActivatorUtilitiesConstructorAttribute)));
        if (constructor is null)
        {
            problems.Add(constructors.Length == 0
                ? $"{function.Type.FullName} has no public constructor: give it one."
                : $"{function.Type.FullName} has {constructors.Length} public constructors: leave one, or mark one with "
                    + "[ActivatorUtilitiesConstructor].");
            return null;
        }

        var before = problems.Count;
        var parameters = Array.ConvertAll(constructor.GetParameters(), Describe);
        foreach (var parameter in parameters)
        {
            if (!parameter.HasDefault && !IsRegistered(parameter))
            {
                problems.Add(
                    $"{function.Type.FullName} asks for {parameter.Type} ({parameter.Name}), which nothing registers: register it in an "
                    + "IFunctionStartup.");
            }
        }

        return problems.Count == before ? new FunctionFactory(constructor, parameters) : null;
    }

    private bool IsRegistered(ConstructorParameter parameter) => parameter.Key is null
        ? _isService is null || _isService.IsService(parameter.Type)
        : _isService is not IServiceProviderIsKeyedService keyed || keyed.IsKeyedService(parameter.Type, parameter.Key);

    /// <summary>What the container is asked for on behalf of a parameter.</summary>
    public static ConstructorParameter Describe(ParameterInfo parameter) => new(
        parameter.Name ?? string.Empty,
        parameter.ParameterType,
        parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key,
        parameter.HasDefaultValue,
        parameter.HasDefaultValue ? parameter.DefaultValue : null);
}
