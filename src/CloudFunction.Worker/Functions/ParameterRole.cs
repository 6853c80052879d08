namespace CloudFunction.Worker.Functions;

/// <summary>Where a parameter of a function's method comes from.</summary>
internal enum ParameterRole
{
    /// <summary>The bound payload, or the HTTP request and its response.</summary>
    Request,

    /// <summary>What is known about the invocation.</summary>
    Context,

    /// <summary>The invocation's token.</summary>
    Token,

    /// <summary>The invocation's services.</summary>
    Service,
}
