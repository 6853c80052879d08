namespace CloudFunction.Worker.Functions;

/// <summary>Runs an <see cref="IFunction{TRequest, TResponse}"/>.</summary>
internal sealed class TypedInvoker<TRequest, TResponse>(FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory)
    : UnaryInvoker<TRequest, TResponse>(descriptor, project, factory, project.BinderOf<TRequest>(descriptor))
{
    private protected override ValueTask<TResponse> CallAsync(
        object function, TRequest request, FunctionContext context, CancellationToken cancellationToken) =>
        ((IFunction<TRequest, TResponse>)function).InvokeAsync(request, context, cancellationToken);
}
