using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>Takes a call from its request to its result: route, gates, worker.</summary>
internal sealed class InvocationRouter : IInvocationRouter, ITaskRouter
{
    private readonly RoutingTable _routes;
    private readonly RouteEntrance _entrance;
    private readonly CallDispatcher _dispatcher;

    /// <param name="routes">Who serves what.</param>
    /// <param name="sweep">Ends calls whose time is up.</param>
    /// <param name="waitTimeout">How long a call waits for its places.</param>
    /// <param name="time">The clock.</param>
    public InvocationRouter(RoutingTable routes, DeadlineSweep sweep, TimeSpan waitTimeout, TimeProvider time)
    {
        _routes = routes;
        _entrance = new RouteEntrance(routes, waitTimeout, time);
        _dispatcher = new CallDispatcher(routes, _entrance, sweep, time);
    }

    public Rejection? Check(string project, string function) => Check(project, function, out _);

    public Rejection? Check(string project, string function, out FunctionRoute? route) =>
        _routes.Find(project, function, out var projectRoute, out route)
        ?? (projectRoute!.Gate.Closed is { Reason: RejectionReason.ProjectStopped } stopped ? stopped : null);

    public ValueTask<InvocationResult> InvokeAsync(
        string project, string function, in InvocationRequest request, CancellationToken cancellationToken)
    {
        if (_routes.Find(project, function, out var projectRoute, out var route) is { } missing)
        {
            return new(UndispatchedResult.Rejected(missing));
        }

        if (request.IsBodyComing && request.BodyPlace is null && projectRoute!.BodyGate is { } bodies)
        {
            return InvokeWithBodyAsync(project, function, new BodyPlace(bodies, route?.Target.BodyGate), request, cancellationToken);
        }

        // The usual case: there are places, and no wait.
        return route is not null && route.Target.TryEnter()
            ? _dispatcher.DispatchAsync(project, function, route, request, cancellationToken)
            : WaitAndDispatchAsync(project, function, projectRoute!, route, request, cancellationToken);
    }

    public bool TryReserve(string project, string function, Action onRoom, out FunctionRoute? route)
    {
        if (_routes.Find(project, function, out var projectRoute, out route) is { } missing)
        {
            // What is not there fails its task; what is disabled or unhealthy is asked for again, and has given no place.
            route = null;
            return missing.Reason is RejectionReason.ProjectNotFound or RejectionReason.FunctionNotFound;
        }

        if (route is not null)
        {
            return route.Target.TryEnter(onRoom);
        }

        if (projectRoute!.Gate.TryEnter(onRoom))
        {
            projectRoute.Gate.Exit(); // It became live between the two checks; the next one finds it.
        }

        return false;
    }

    public ValueTask<InvocationResult> InvokeReservedAsync(
        string project, string function, FunctionRoute route, in InvocationRequest request, CancellationToken cancellationToken) =>
        _dispatcher.DispatchAsync(project, function, route, request, cancellationToken);

    // Before all other places: who waits for this one holds nothing that others need.
    private async ValueTask<InvocationResult> InvokeWithBodyAsync(
        string project, string function, BodyPlace place, InvocationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (await place.EnterAsync(_entrance.DeadlineFromNow(), cancellationToken).ConfigureAwait(false) is { } rejection)
            {
                return UndispatchedResult.Rejected(rejection);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return UndispatchedResult.Cancelled();
        }

        var isDispatched = false;
        try
        {
            var result = await InvokeAsync(project, function, request with { BodyPlace = place }, cancellationToken).ConfigureAwait(false);
            isDispatched = result is not UndispatchedResult;
            return result;
        }
        finally
        {
            if (!isDispatched)
            {
                place.Exit();
            }
        }
    }

    private async ValueTask<InvocationResult> WaitAndDispatchAsync(
        string project,
        string function,
        ProjectRoute projectRoute,
        FunctionRoute? route,
        InvocationRequest request,
        CancellationToken cancellationToken)
    {
        try
        {
            var deadline = _entrance.DeadlineFromNow();
            var (rejection, entered) = await _entrance.EnterAsync(project, function, projectRoute, route, deadline, cancellationToken)
                .ConfigureAwait(false);
            return rejection is not null
                ? UndispatchedResult.Rejected(rejection)
                : await _dispatcher.DispatchAsync(project, function, entered!, request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return UndispatchedResult.Cancelled();
        }
    }
}
