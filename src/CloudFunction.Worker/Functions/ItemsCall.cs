namespace CloudFunction.Worker.Functions;

/// <summary>Has a function begin to answer with items.</summary>
/// <param name="function">The instance; of a static method, any object.</param>
/// <param name="request">What was bound.</param>
/// <param name="context">The invocation.</param>
/// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
internal delegate IAsyncEnumerable<TItem> ItemsCall<TRequest, TItem>(
    object function, TRequest request, FunctionContext context, CancellationToken cancellationToken);
