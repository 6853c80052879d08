namespace CloudFunction;

/// <summary>Runs the rest of an invocation: the middleware that come next, then the function.</summary>
/// <param name="cancellationToken">The token for the rest. Pass on your own, or one linked to it.</param>
/// <returns>A task that ends when the rest has, or fails with what it throws.</returns>
public delegate ValueTask FunctionNext(CancellationToken cancellationToken);
