namespace CloudFunction.Worker.Functions;

/// <summary>Who is to blame for an invocation that has no result.</summary>
internal enum FailureKind
{
    /// <summary>The caller: the payload does not fit the function. The function has not run.</summary>
    InvalidPayload,

    /// <summary>The function: it threw, or what it returned cannot be sent.</summary>
    FunctionFailed,

    /// <summary>Nobody: the invocation's token had fired by the time the function ended.</summary>
    Cancelled,
}
