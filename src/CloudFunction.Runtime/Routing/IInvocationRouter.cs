using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>Finds a function's live deployment and runs calls of it. Thread safe.</summary>
internal interface IInvocationRouter
{
    /// <summary>Whether a call would find its function now, or once its project serves. Nothing is read or taken.</summary>
    /// <returns>Why not; null where it would.</returns>
    Rejection? Check(string project, string function);

    /// <summary>Runs one invocation. What is normal (no such function, queue full, timeout, worker lost) is an outcome, not an exception.</summary>
    /// <param name="project">The project's name, as the caller gave it.</param>
    /// <param name="function">The function's name, as the caller gave it.</param>
    /// <param name="request">The call.</param>
    /// <param name="cancellationToken">The caller is gone: the function's token fires and the outcome is
    /// <see cref="InvocationOutcome.Cancelled"/>.</param>
    /// <returns>The result, which the caller disposes.</returns>
    /// <exception cref="IOException">Reading the request's body failed; the function's token fires.</exception>
    ValueTask<InvocationResult> InvokeAsync(string project, string function, in InvocationRequest request, CancellationToken cancellationToken);
}
