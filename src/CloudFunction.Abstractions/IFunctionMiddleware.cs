namespace CloudFunction;

/// <summary>Runs around every invocation of a project's functions: to measure, to check, to translate errors. Register it in the project's
/// startup with <c>services.AddFunctionMiddleware&lt;T&gt;()</c>.</summary>
/// <remarks>
/// It is made anew for each invocation, from the invocation's own service scope, once the request has been bound and validated and before
/// the function is made. Those registered first are outermost.
/// </remarks>
public interface IFunctionMiddleware
{
    /// <summary>Runs what it is around, or does not.</summary>
    /// <param name="invocation">The request, and after <paramref name="next"/> the result.</param>
    /// <param name="next">Runs the middleware behind this one and at last the function. It may be called once; not calling it
    /// leaves the function out, and what <see cref="FunctionInvocation.Response"/> then holds is the answer. What the function
    /// throws comes out of it.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
    /// <returns>A task that ends when the invocation has: of a streaming function after its last item, of an HTTP function
    /// after its response.</returns>
    ValueTask InvokeAsync(FunctionInvocation invocation, FunctionNext next, CancellationToken cancellationToken);
}
