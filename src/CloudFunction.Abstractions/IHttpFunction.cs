namespace CloudFunction;

/// <summary>A function that speaks HTTP itself: any method, its own path below <c>/fn/{project}/{function}/</c>, headers, and
/// bodies as streams.</summary>
public interface IHttpFunction
{
    /// <summary>Runs the function once.</summary>
    /// <param name="http">The request and the response to fill.</param>
    /// <param name="context">Who calls what, until when, with the project's services and configuration.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
    /// <returns>A task that ends when the response is complete.</returns>
    ValueTask InvokeAsync(FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken);
}
