using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using CloudFunction.Protocol.Messages;
using CloudFunction.Worker.Functions;
using Microsoft.Extensions.DependencyInjection;

namespace CloudFunction.Worker.Loading;

/// <summary>A method that is a function, as its signature reads.</summary>
internal sealed class MethodSignature
{
    private MethodSignature(MethodInfo method, IReadOnlyList<MethodParameter> parameters, ParameterInfo? request, ReturnShape returns, Type? result)
    {
        Method = method;
        Parameters = parameters;
        Request = request;
        Returns = returns;
        Result = result;
    }

    /// <summary>The method.</summary>
    public MethodInfo Method { get; }

    /// <summary>What its parameters are filled with, in their order.</summary>
    public IReadOnlyList<MethodParameter> Parameters { get; }

    /// <summary>The parameter that the payload is bound to, if it has one.</summary>
    public ParameterInfo? Request { get; }

    /// <summary>What it returns.</summary>
    public ReturnShape Returns { get; }

    /// <summary>The type of its result, or of its items; <see langword="null"/> where it has none.</summary>
    public Type? Result { get; }

    /// <summary>How it is called.</summary>
    public FunctionKind Kind =>
        Request?.ParameterType == typeof(FunctionHttpContext) ? FunctionKind.Http
        : Returns == ReturnShape.Items ? FunctionKind.Streaming
        : FunctionKind.Unary;

    /// <summary>What the payload is bound to. One that takes no request lets any payload pass.</summary>
    public Type RequestType => Request?.ParameterType ?? typeof(JsonElement);

    /// <summary>Whether an empty body and null reach it.</summary>
    public bool AcceptsNull => Request is null || RequestNullability.AcceptsNull(Request);

    /// <summary>Reads a signature.</summary>
    /// <returns><see langword="null"/>, and at least one more problem, where it makes no function.</returns>
    public static MethodSignature? Read(MethodInfo method, List<string> problems)
    {
        var place = $"{method.DeclaringType!.FullName}.{method.Name}";
        var before = problems.Count;
        var (returns, result) = ReadReturn(method.ReturnType);
        if (returns == ReturnShape.Void && method.IsDefined(typeof(AsyncStateMachineAttribute), inherit: false))
        {
            problems.Add($"{place} is 'async void', whose end nobody can wait for: return Task.");
        }

        var parameters = new List<MethodParameter>();
        ParameterInfo? request = null;
        foreach (var parameter in method.GetParameters())
        {
            var read = ReadParameter(parameter);
            parameters.Add(read);
            if (parameter.ParameterType.IsByRef || parameter.ParameterType.IsPointer || parameter.ParameterType.IsByRefLike)
            {
                problems.Add($"{place} takes {parameter.Name} by reference or as a type that lives on the stack: take a value.");
            }
            else if (read.Role == ParameterRole.Request && request is not null)
            {
                problems.Add(
                    $"{place} takes both {request.Name} and {parameter.Name} from the request: make one type of them, or mark a service "
                    + "with [FromServices].");
            }
            else if (read.Role == ParameterRole.Request)
            {
                request = parameter;
            }
        }

        if (request?.ParameterType == typeof(FunctionHttpContext) && returns is not (ReturnShape.Void or ReturnShape.Task or ReturnShape.ValueTask))
        {
            problems.Add($"{place} takes a FunctionHttpContext, so it writes its response itself: return ValueTask or Task.");
        }

        return problems.Count == before ? new MethodSignature(method, parameters, request, returns, result) : null;
    }

    private static MethodParameter ReadParameter(ParameterInfo parameter) =>
        parameter.ParameterType == typeof(FunctionContext) ? new(ParameterRole.Context)
        : parameter.ParameterType == typeof(CancellationToken) ? new(ParameterRole.Token)
        : IsService(parameter) ? new(ParameterRole.Service, FunctionBinder.Describe(parameter))
        : new(ParameterRole.Request);

    // ASP.NET Core's attribute is known by its name: function projects may be libraries for its framework, this worker is not.
    private static bool IsService(ParameterInfo parameter) => parameter.GetCustomAttributes(inherit: false)
        .Any(a => a is FromServicesAttribute or FromKeyedServicesAttribute
            || a.GetType().FullName == "Microsoft.AspNetCore.Mvc.FromServicesAttribute");

    private static (ReturnShape Shape, Type? Result) ReadReturn(Type type)
    {
        if (type == typeof(void))
        {
            return (ReturnShape.Void, null);
        }

        if (type == typeof(Task))
        {
            return (ReturnShape.Task, null);
        }

        if (type == typeof(ValueTask))
        {
            return (ReturnShape.ValueTask, null);
        }

        var open = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        return open == typeof(Task<>) ? (ReturnShape.TaskOfResult, type.GenericTypeArguments[0])
            : open == typeof(ValueTask<>) ? (ReturnShape.ValueTaskOfResult, type.GenericTypeArguments[0])
            : open == typeof(IAsyncEnumerable<>) ? (ReturnShape.Items, type.GenericTypeArguments[0])
            : (ReturnShape.Result, type);
    }
}
