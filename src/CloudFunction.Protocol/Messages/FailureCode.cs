namespace CloudFunction.Protocol.Messages;

/// <summary>Why an invocation failed in the worker. The numbers are the wire's.</summary>
internal enum FailureCode : byte
{
    /// <summary>The function threw, or its result cannot be sent.</summary>
    FunctionFailed = 1,

    /// <summary>The payload does not fit the function.</summary>
    InvalidPayload = 2,

    /// <summary>The function honoured its token.</summary>
    Cancelled = 3,

    /// <summary>The worker is draining and did not begin it.</summary>
    Draining = 4,
}
