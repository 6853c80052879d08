namespace CloudFunction.Runtime.Invocations;

/// <summary>How a function is called.</summary>
internal enum FunctionShape
{
    /// <summary>One request, one result.</summary>
    Unary = 0,

    /// <summary>One request, items one after the other.</summary>
    Streaming = 1,

    /// <summary>An HTTP request and response of its own.</summary>
    Http = 2,
}
