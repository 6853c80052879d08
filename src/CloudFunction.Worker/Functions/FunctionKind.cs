namespace CloudFunction.Worker.Functions;

/// <summary>How a function is called, which follows from the interface that it implements.</summary>
internal enum FunctionKind
{
    /// <summary>One request, one result: <see cref="IFunction"/> and <see cref="IFunction{TRequest, TResponse}"/>.</summary>
    Unary,

    /// <summary>One request, a sequence of items: <see cref="IStreamingFunction{TRequest, TItem}"/>.</summary>
    Streaming,

    /// <summary>Method, headers and bodies as they are: <see cref="IHttpFunction"/>.</summary>
    Http,
}
