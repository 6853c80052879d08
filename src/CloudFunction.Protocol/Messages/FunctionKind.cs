namespace CloudFunction.Protocol.Messages;

/// <summary>How a function is called, which follows from the interface that it implements. The numbers are the wire's.</summary>
internal enum FunctionKind : byte
{
    /// <summary>One request, one result.</summary>
    Unary = 0,

    /// <summary>One request, a sequence of items.</summary>
    Streaming = 1,

    /// <summary>An HTTP request and response of its own.</summary>
    Http = 2,
}
