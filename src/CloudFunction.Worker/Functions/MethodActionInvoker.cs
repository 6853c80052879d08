namespace CloudFunction.Worker.Functions;

/// <summary>Runs a method that returns nothing: its result is null.</summary>
internal sealed class MethodActionInvoker<TRequest>(
    FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory, FunctionMethod method)
    : UnaryInvoker<TRequest, object?>(descriptor, project, factory, project.BinderOf<TRequest>(descriptor))
{
    private protected override async ValueTask<object?> CallAsync(
        object function, TRequest request, FunctionContext context, CancellationToken cancellationToken)
    {
        await method.RunAsync(function, request, context, cancellationToken).ConfigureAwait(false);
        return null;
    }
}
