using System.Text.Json;

namespace CloudFunction.Worker.Functions;

/// <summary>Runs an <see cref="IFunction"/>.</summary>
internal sealed class UntypedInvoker(FunctionDescriptor descriptor, ProjectContext project, FunctionFactory factory)
    : UnaryInvoker<JsonElement, object?>(descriptor, project, factory, project.BinderOfAny())
{
    private protected override ValueTask<object?> CallAsync(
        object function, JsonElement request, FunctionContext context, CancellationToken cancellationToken) =>
        ((IFunction)function).InvokeAsync(request, context, cancellationToken);
}
