namespace CloudFunction.Runtime.Invocations;

/// <summary>Why an invocation was <see cref="InvocationOutcome.Rejected"/> or <see cref="InvocationOutcome.NotFound"/>.</summary>
internal enum RejectionReason
{
    /// <summary>It was neither.</summary>
    None,

    /// <summary>There is no project of that name.</summary>
    ProjectNotFound,

    /// <summary>The project has no function of that name.</summary>
    FunctionNotFound,

    /// <summary>It is an HTTP function, which cannot be queued.</summary>
    HttpFunction,

    /// <summary>The function was disabled by an operator.</summary>
    FunctionDisabled,

    /// <summary>The project was stopped by an operator.</summary>
    ProjectStopped,

    /// <summary>MAX_QUEUE calls wait already.</summary>
    QueueFull,

    /// <summary>No place became free within TIMEOUT_NOTIFY, or no worker ready again of a project that has served.</summary>
    WaitTooLong,

    /// <summary>The project has not served yet since it was last started, and did not come to within TIMEOUT_NOTIFY.</summary>
    Starting,

    /// <summary>The project has no deployment that loads.</summary>
    Failed,

    /// <summary>The project's workers crashed too often.</summary>
    Unhealthy,

    /// <summary>The project or the host is stopping.</summary>
    Draining,
}
