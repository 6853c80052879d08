namespace CloudFunction.Runtime.Invocations;

/// <summary>Why a call is not let in.</summary>
/// <param name="Reason">For programs.</param>
/// <param name="Message">For people: what is wrong and what would help. It goes to whoever called, and holds nothing of the project's inside.</param>
internal sealed record Rejection(RejectionReason Reason, string Message)
{
    /// <summary>What the log has the cause under; null where there is nothing but <see cref="Message"/>.</summary>
    public string? Id { get; private init; }

    /// <summary>What of the project's inside has led to it: exceptions, what a compiler or a worker wrote. Not for whoever merely called. Null for
    /// nothing.</summary>
    public string? Cause { get; private init; }

    /// <summary>The project has not served yet since it was last started.</summary>
    public static Rejection Starting() => NotServing(RejectionReason.Starting, "The project is starting and does not serve yet.", cause: null);

    /// <summary>The project has no deployment that loads.</summary>
    public static Rejection Failed(string cause) =>
        NotServing(RejectionReason.Failed, "The project does not serve: it could not be started.", cause);

    /// <summary>The project's workers were lost too often.</summary>
    public static Rejection Unhealthy(string cause) =>
        NotServing(RejectionReason.Unhealthy, "The project does not serve: its workers were lost too often.", cause);

    private static Rejection NotServing(RejectionReason reason, string message, string? cause) =>
        new(reason, message) { Id = InvocationId.Format(InvocationId.New()), Cause = cause };
}
