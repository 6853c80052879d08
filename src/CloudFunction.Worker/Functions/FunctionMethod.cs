using System.Reflection;

namespace CloudFunction.Worker.Functions;

/// <summary>Calls the method that is a function. Thread safe.</summary>
/// <remarks>Invoked by reflection's own invoker rather than a compiled delegate, which would cost a cold start tens of milliseconds.</remarks>
internal sealed class FunctionMethod(MethodInfo method, IReadOnlyList<MethodParameter> parameters, ReturnShape returns)
{
    private readonly System.Reflection.MethodInvoker _method = System.Reflection.MethodInvoker.Create(method);
    private readonly MethodParameter[] _parameters = [.. parameters];
    private readonly bool _isStatic = method.IsStatic;

    /// <summary>Has it answer with nothing.</summary>
    public async ValueTask RunAsync(object instance, object? request, FunctionContext context, CancellationToken cancellationToken)
    {
        switch (Call(instance, request, context, cancellationToken))
        {
            case Task task:
                await task.ConfigureAwait(false);
                break;
            case ValueTask task:
                await task.ConfigureAwait(false);
                break;
        }
    }

    /// <summary>Has it answer with one result.</summary>
    public ValueTask<TResponse> RunAsync<TResponse>(object instance, object? request, FunctionContext context, CancellationToken cancellationToken)
    {
        var returned = Call(instance, request, context, cancellationToken);
        return returns switch
        {
            ReturnShape.TaskOfResult => new ValueTask<TResponse>((Task<TResponse>)NotNull(returned)),
            ReturnShape.ValueTaskOfResult => (ValueTask<TResponse>)returned!,
            _ => new ValueTask<TResponse>((TResponse)returned!),
        };
    }

    /// <summary>Has it answer with items.</summary>
    public IAsyncEnumerable<TItem> Enumerate<TItem>(object instance, object? request, FunctionContext context, CancellationToken cancellationToken) =>
        (IAsyncEnumerable<TItem>)NotNull(Call(instance, request, context, cancellationToken));

    private object NotNull(object? returned) =>
        returned ?? throw new InvalidOperationException(
            $"{method.DeclaringType?.FullName}.{method.Name} returned null in place of its {method.ReturnType.Name}.");

    private object? Call(object instance, object? request, FunctionContext context, CancellationToken cancellationToken)
    {
        var arguments = new object?[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var parameter = _parameters[i];
            arguments[i] = parameter.Role switch
            {
                ParameterRole.Request => request,
                ParameterRole.Context => context,
                ParameterRole.Token => cancellationToken,
                _ => parameter.Service!.Resolve(context.Services),
            };
        }

        return _method.Invoke(_isStatic ? null : instance, arguments.AsSpan());
    }
}
