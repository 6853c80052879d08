namespace CloudFunction.Worker.Functions;

/// <summary>Runs a method that returns a result.</summary>
internal sealed class MethodResultInvoker<TRequest, TResponse>(
    FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory, FunctionMethod method)
    : UnaryInvoker<TRequest, TResponse>(descriptor, project, factory, project.BinderOf<TRequest>(descriptor))
{
    private protected override ValueTask<TResponse> CallAsync(
        object function, TRequest request, FunctionContext context, CancellationToken cancellationToken) =>
        method.RunAsync<TResponse>(function, request, context, cancellationToken);
}
