namespace CloudFunction.Worker.Functions;

/// <summary>Has a function answer one HTTP request.</summary>
/// <param name="function">The instance; of a static method, any object.</param>
/// <param name="http">The request and its response.</param>
/// <param name="context">The invocation.</param>
/// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
internal delegate ValueTask HttpCall(object function, FunctionHttpContext http, FunctionContext context, CancellationToken cancellationToken);
