using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>Runs calls that do not wait at a gate: who makes them asks first whether there is a place. Thread safe.</summary>
internal interface ITaskRouter
{
    /// <summary>Whether a function can be called, now or once its project serves.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="route">The function; null where that is not known before its project serves.</param>
    /// <returns>Why not; null where it can.</returns>
    Rejection? Check(string project, string function, out FunctionRoute? route);

    /// <summary>Takes a place for a call of a function.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="onRoom">Called once there may be a place, where there is none: with locks held, so it only passes that on.</param>
    /// <param name="route">The function, whose places are taken; null where there is no such function.</param>
    /// <returns>False where it has to be asked again later.</returns>
    bool TryReserve(string project, string function, Action onRoom, out FunctionRoute? route);

    /// <summary>Runs a call in a place that was taken, which it gives back. See <see cref="IInvocationRouter.InvokeAsync"/>.</summary>
    ValueTask<InvocationResult> InvokeReservedAsync(
        string project, string function, FunctionRoute route, in InvocationRequest request, CancellationToken cancellationToken);
}
