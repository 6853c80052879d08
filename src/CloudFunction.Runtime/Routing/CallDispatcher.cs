using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>
/// Hands calls that have their places to workers, and returns each once its result begins. The places are given back when the worker has ended the
/// call, or here where no worker had it.
/// </summary>
/// <param name="routes">Who serves what.</param>
/// <param name="entrance">Where calls wait that find no worker.</param>
/// <param name="sweep">Ends calls whose time is up.</param>
/// <param name="time">The clock.</param>
internal sealed class CallDispatcher(RoutingTable routes, RouteEntrance entrance, DeadlineSweep sweep, TimeProvider time)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly InvocationPool _invocations = new();

    /// <summary>Dispatches a call, in its places.</summary>
    /// <param name="project">The project's name.</param>
    /// <param name="function">The function's name.</param>
    /// <param name="route">The function, whose places are taken.</param>
    /// <param name="request">The call.</param>
    /// <param name="cancellationToken">The caller is gone.</param>
    /// <exception cref="IOException">Reading the request's body failed; the function's token fires.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<InvocationResult> DispatchAsync(
        string project, string function, FunctionRoute route, InvocationRequest request, CancellationToken cancellationToken)
    {
        if (request.Http is not null)
        {
            return await DispatchHttpAsync(project, function, route, request, cancellationToken).ConfigureAwait(false);
        }

        ReadResult read;
        try
        {
            read = request.Whole is { } payload
                ? new ReadResult(payload, isCanceled: false, isCompleted: true)
                : await request.Body.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            route.Exit();
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                return UndispatchedResult.Cancelled();
            }

            throw;
        }

        var invocation = Rent(request);
        if (!TryOpen(invocation, route, request))
        {
            UndispatchedResult? refused;
            (route, refused) = await OpenLaterAsync(project, function, route, invocation, request, cancellationToken).ConfigureAwait(false);
            if (refused is not null)
            {
                _invocations.Return(invocation);
                request.Advance(read.Buffer.Start);
                return refused;
            }
        }

        RecordDispatch(route);

        // Registered before anything can wait, and gone before the result is handed out: after that the caller itself ends the call.
        using var registration = cancellationToken.UnsafeRegister(static state => ((Invocation)state!).Cancel(), invocation);
        if (!PayloadSender.TrySend(invocation, request, read)
            && await PayloadSender.SendAsync(invocation, request, read, cancellationToken).ConfigureAwait(false) is { } unread)
        {
            await CancelAsync(invocation).ConfigureAwait(false);
            ExceptionDispatchInfo.Throw(unread);
        }

        return await invocation.Begun.ConfigureAwait(false);
    }

    // The function begins before its body is there, and may answer before it has come.
    private async ValueTask<InvocationResult> DispatchHttpAsync(
        string project, string function, FunctionRoute route, InvocationRequest request, CancellationToken cancellationToken)
    {
        var invocation = Rent(request);
        if (!TryOpen(invocation, route, request))
        {
            (route, var refused) = await OpenLaterAsync(project, function, route, invocation, request, cancellationToken).ConfigureAwait(false);
            if (refused is not null)
            {
                _invocations.Return(invocation);
                return refused;
            }
        }

        RecordDispatch(route);
        using var registration = cancellationToken.UnsafeRegister(static state => ((Invocation)state!).Cancel(), invocation);
        invocation.SendWith(HttpRequestSender.SendAsync(invocation, request, cancellationToken));
        return await invocation.Begun.ConfigureAwait(false);
    }

    private Invocation Rent(in InvocationRequest request)
    {
        var invocation = _invocations.Rent();
        invocation.TraceParent = request.TraceParent;
        invocation.WantedItems = request.Items;
        return invocation;
    }

    private bool TryOpen(Invocation invocation, FunctionRoute route, in InvocationRequest request)
    {
        if (route.Pool.Pick()?.Connection is not { } worker)
        {
            return false;
        }

        var began = time.GetTimestamp();
        var timeout = request.Timeout is { } shorter && shorter < route.Timeout ? shorter : route.Timeout;
        invocation.Begin(route.Target, worker, request.Id ?? InvocationId.New(), began, time.After(began, timeout));
        return worker.TryOpen(invocation);
    }

    // The workers were lost, or replaced, since the gate let this call in: waits again for those that follow.
    private async ValueTask<(FunctionRoute Route, UndispatchedResult? Refused)> OpenLaterAsync(
        string project, string function, FunctionRoute route, Invocation invocation, InvocationRequest request, CancellationToken cancellationToken)
    {
        var deadline = entrance.DeadlineFromNow();
        var delay = RetryDelay;
        try
        {
            do
            {
                route.Exit();

                // The gate may be open still: the supervisor does not know yet what happened to the workers.
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
                delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
                if (routes.Find(project, function, out var projectRoute, out var routeNow) is { } missing)
                {
                    return (route, UndispatchedResult.Rejected(missing));
                }

                if (time.GetTimestamp() > deadline)
                {
                    return (route, UndispatchedResult.Rejected(
                        new Rejection(RejectionReason.WaitTooLong, "No worker of this project took the call in time (TIMEOUT_NOTIFY).")));
                }

                var (rejection, entered) = await entrance.EnterAsync(project, function, projectRoute!, routeNow, deadline, cancellationToken)
                    .ConfigureAwait(false);
                if (rejection is not null)
                {
                    return (route, UndispatchedResult.Rejected(rejection));
                }

                route = entered!;
            }
            while (!TryOpen(invocation, route, request));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (route, UndispatchedResult.Cancelled());
        }

        return (route, null);
    }

    private void RecordDispatch(FunctionRoute route)
    {
        route.Target.Recorder.Dispatched(time.GetUtcNow());
        sweep.Wake();
    }

    private static async ValueTask CancelAsync(Invocation invocation)
    {
        invocation.Cancel();
        var result = await invocation.Begun.ConfigureAwait(false);
        result.Dispose();
    }
}
