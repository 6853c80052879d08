namespace CloudFunction;

/// <summary>A function with a typed request and response, both JSON on the wire (camelCase unless
/// <see cref="FunctionJsonOptions"/> says otherwise).</summary>
/// <typeparam name="TRequest">What the JSON body is bound to before the function runs. A body that does not fit, nulls in what is not
/// nullable and missing required members included, is answered with <c>INVALID_PARAMETERS</c> and never reaches the function.</typeparam>
/// <typeparam name="TResponse">What is serialized as the result.</typeparam>
/// <remarks>
/// A public, concrete, non-generic class that implements exactly one function interface, in one closed form, is a function.
/// It is built anew for every invocation, in a service scope of its own, so it needs no thread safety of its own;
/// instance and scope are disposed once the result has been serialized.
/// </remarks>
public interface IFunction<TRequest, TResponse>
{
    /// <summary>Runs the function once.</summary>
    /// <param name="request">The bound request.</param>
    /// <param name="context">Who calls what, until when, with the project's services and configuration.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain. An
    /// <see cref="OperationCanceledException"/> that leaves the function before it fires is a failure of the function;
    /// a result that comes after it is dropped.</param>
    /// <returns>The result.</returns>
    ValueTask<TResponse> InvokeAsync(TRequest request, FunctionContext context, CancellationToken cancellationToken);
}
