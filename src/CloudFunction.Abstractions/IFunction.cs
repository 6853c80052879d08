using System.Text.Json;

namespace CloudFunction;

/// <summary>
/// A function that takes any JSON and returns any object. For a typed request and response use
/// <see cref="IFunction{TRequest, TResponse}"/>.
/// </summary>
/// <remarks>
/// A public, concrete, non-generic class that implements exactly one function interface, in one closed form, is a function.
/// It is built anew for every invocation, in a service scope of its own, so it needs no thread safety of its own;
/// instance and scope are disposed once the result has been serialized.
/// </remarks>
public interface IFunction
{
    /// <summary>Runs the function once.</summary>
    /// <param name="payload">The request's JSON; <see cref="JsonValueKind.Null"/> where the request had no body.
    /// It stays valid after the call.</param>
    /// <param name="context">Who calls what, until when, with the project's services and configuration.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain. An
    /// <see cref="OperationCanceledException"/> that leaves the function before it fires is a failure of the function;
    /// a result that comes after it is dropped.</param>
    /// <returns>The result, serialized as JSON by its own runtime type; <see langword="null"/> gives JSON <c>null</c>.</returns>
    ValueTask<object?> InvokeAsync(JsonElement payload, FunctionContext context, CancellationToken cancellationToken);
}
