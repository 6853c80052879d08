namespace CloudFunction.Runtime.Invocations;

/// <summary>How an invocation ended, and so who failed.</summary>
internal enum InvocationOutcome
{
    /// <summary>The function returned a result.</summary>
    Succeeded,

    /// <summary>The function threw, or its result cannot be serialized or is too large.</summary>
    FunctionFailed,

    /// <summary>The request does not fit the function's parameters; the function never ran.</summary>
    InvalidPayload,

    /// <summary>Its time was up.</summary>
    TimedOut,

    /// <summary>The caller is gone or took the call back.</summary>
    Cancelled,

    /// <summary>The worker ended in mid-call.</summary>
    WorkerLost,

    /// <summary>Not dispatched, or cut by a drain: see <see cref="RejectionReason"/>.</summary>
    Rejected,

    /// <summary>No such project or function: see <see cref="RejectionReason"/>.</summary>
    NotFound,

    /// <summary>The worker broke the protocol.</summary>
    ProtocolFailed,
}
