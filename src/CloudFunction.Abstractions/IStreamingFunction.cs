namespace CloudFunction;

/// <summary>A function that answers with a sequence of items, each sent as soon as it is there.</summary>
/// <typeparam name="TRequest">What the JSON body is bound to before the function runs.</typeparam>
/// <typeparam name="TItem">What each item of the answer is serialized from.</typeparam>
/// <remarks>The enumerator is asked for the next item only when the client has room for it: a slow reader holds the function back.</remarks>
public interface IStreamingFunction<TRequest, TItem>
{
    /// <summary>Runs the function once.</summary>
    /// <param name="request">The bound request.</param>
    /// <param name="context">Who calls what, until when, with the project's services and configuration.</param>
    /// <param name="cancellationToken">Fires on timeout, when the client is gone, on cancel and on drain.</param>
    /// <returns>The items, in the order in which they are sent.</returns>
    IAsyncEnumerable<TItem> InvokeAsync(TRequest request, FunctionContext context, CancellationToken cancellationToken);
}
