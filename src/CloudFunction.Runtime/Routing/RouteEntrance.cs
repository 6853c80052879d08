using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>Has calls wait for their places, and finds them their routes once they have them.</summary>
/// <param name="routes">Who serves what.</param>
/// <param name="waitTimeout">How long a call waits at most.</param>
/// <param name="time">The clock.</param>
internal sealed class RouteEntrance(RoutingTable routes, TimeSpan waitTimeout, TimeProvider time)
{
    /// <summary>When a wait that begins now has taken too long, as a timestamp.</summary>
    public long DeadlineFromNow() => time.After(waitTimeout);

    /// <summary>Takes the places of a call: first the function's own, then the project's. A call that waits for its function holds nothing that
    /// others need.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="projectRoute">The project.</param>
    /// <param name="route">The function; null where it is not known before its project serves.</param>
    /// <param name="deadline">Until when, as a timestamp.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <returns>The function, whose places are taken; or why not.</returns>
    /// <exception cref="OperationCanceledException">Given up.</exception>
    public async ValueTask<(Rejection? Rejection, FunctionRoute? Route)> EnterAsync(
        string project, string function, ProjectRoute projectRoute, FunctionRoute? route, long deadline, CancellationToken cancellationToken)
    {
        if (route?.Target.FunctionGate is { } functionGate
            && await functionGate.EnterAsync(deadline, cancellationToken).ConfigureAwait(false) is { } full)
        {
            return (full, null);
        }

        var entered = false;
        try
        {
            if (await projectRoute.Gate.EnterAsync(deadline, cancellationToken).ConfigureAwait(false) is { } rejection)
            {
                return (rejection, null);
            }

            // A deployment may have come or gone while the call waited.
            if (routes.Find(project, function, out var projectNow, out var routeNow, route) is not null
                || !ReferenceEquals(projectNow!.Gate, projectRoute.Gate))
            {
                projectRoute.Gate.Exit();
                return (routes.FindGone(project, function), null);
            }

            if (routeNow is null || !ReferenceEquals(routeNow.Target.FunctionGate, route?.Target.FunctionGate))
            {
                // Only now it is known that the function has a limit of its own: queue for that without holding the project's place.
                projectRoute.Gate.Exit();
                route?.Target.FunctionGate?.Exit();
                entered = true;
                return routeNow is null
                    ? (Rejection.Starting(), null)
                    : await EnterAsync(project, function, projectNow, routeNow, deadline, cancellationToken).ConfigureAwait(false);
            }

            entered = true;
            return (null, routeNow);
        }
        finally
        {
            if (!entered)
            {
                route?.Target.FunctionGate?.Exit();
            }
        }
    }
}
