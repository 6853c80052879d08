using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using CloudFunction.Protocol.Frames;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;

namespace CloudFunction.Runtime.Routing;

/// <summary>Takes a call from its request to its result: route, gates, worker, frames.</summary>
internal sealed class InvocationRouter(RoutingTable routes, DeadlineSweep sweep, TimeSpan waitTimeout, TimeProvider time) : IInvocationRouter, ITaskRouter
{
    // An invoke frame holds its header and the beginning of the payload.
    private const int MaxFirstPart = FrameHeader.MaxPayloadBytes - InvokeHeader.MaxBytes;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMilliseconds(50);

    private readonly InvocationPool _invocations = new();

    public ValueTask<InvocationResult> InvokeAsync(
        string project, string function, in InvocationRequest request, CancellationToken cancellationToken)
    {
        if (Find(project, function, out var route, out var target) is { } missing)
        {
            return new(UndispatchedResult.Rejected(missing));
        }

        if (request.IsBodyComing && request.BodyPlace is null && route!.BodyGate is { } bodies)
        {
            return InvokeWithBodyAsync(project, function, new BodyPlace(bodies, target?.Target.BodyGate), request, cancellationToken);
        }

        // The usual case: there are places, and no wait.
        if (target is not null && (target.Target.FunctionGate?.TryEnter() ?? true))
        {
            if (target.Target.ProjectGate.TryEnter())
            {
                return DispatchAsync(project, function, target, request, cancellationToken);
            }

            target.Target.FunctionGate?.Exit();
        }

        return WaitAndDispatchAsync(project, function, route!, target, request, cancellationToken);
    }

    public Rejection? Check(string project, string function) => Check(project, function, out _);

    public Rejection? Check(string project, string function, out FunctionRoute? target) =>
        Find(project, function, out var route, out target) ?? (route!.Gate.Closed is { Reason: RejectionReason.ProjectStopped } stopped ? stopped : null);

    public bool TryReserve(string project, string function, Action onRoom, out FunctionRoute? target)
    {
        if (Find(project, function, out var route, out target) is { } missing)
        {
            return missing.Reason != RejectionReason.FunctionDisabled;
        }

        if (target is null)
        {
            if (route!.Gate.TryEnter(onRoom))
            {
                route.Gate.Exit(); // It came to serve between the two looks; the next one finds it.
            }

            return false;
        }

        if (target.Target.FunctionGate is { } gate && !gate.TryEnter(onRoom))
        {
            return false;
        }

        if (target.Target.ProjectGate.TryEnter(onRoom))
        {
            return true;
        }

        target.Target.FunctionGate?.Exit();
        return false;
    }

    public ValueTask<InvocationResult> InvokeReservedAsync(
        string project, string function, FunctionRoute target, in InvocationRequest request, CancellationToken cancellationToken) =>
        DispatchAsync(project, function, target, request, cancellationToken);

    // Before all other places: who waits for this one holds nothing that others need.
    private async ValueTask<InvocationResult> InvokeWithBodyAsync(
        string project, string function, BodyPlace place, InvocationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (await place.EnterAsync(time.GetTimestamp() + Ticks(waitTimeout), cancellationToken).ConfigureAwait(false) is { } rejection)
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

    private static Rejection ProjectNotFound(string project) =>
        new(RejectionReason.ProjectNotFound, $"There is no project '{project}'.");

    private static Rejection FunctionNotFound(string project, string function) =>
        new(RejectionReason.FunctionNotFound, $"Project '{project}' has no function '{function}'.");

    private Rejection? Find(string project, string function, out ProjectRoute? route, out FunctionRoute? target, FunctionRoute? preferred = null)
    {
        target = null;
        if (!routes.Current.TryGetValue(project, out route))
        {
            return ProjectNotFound(project);
        }

        if (route.Functions is null)
        {
            return null;
        }

        target = route.Find(function, preferred);
        if (target is not null)
        {
            // The gate is open for the other version, which has no such function.
            return route.Split is not null ? target.Pool.Unhealthy : null;
        }

        return route.Disabled.Contains(function)
            ? new Rejection(RejectionReason.FunctionDisabled, $"Function '{function}' of project '{project}' is disabled. Deploy it to enable it: POST /api/v1/functions/{project}/{function}/deploy.")
            : FunctionNotFound(project, function);
    }

    private async ValueTask<InvocationResult> WaitAndDispatchAsync(
        string project, string function, ProjectRoute route, FunctionRoute? target, InvocationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            var deadline = time.GetTimestamp() + Ticks(waitTimeout);
            var (rejection, entered) = await EnterAsync(project, function, route, target, deadline, cancellationToken).ConfigureAwait(false);
            return rejection is not null
                ? UndispatchedResult.Rejected(rejection)
                : await DispatchAsync(project, function, entered!, request, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return UndispatchedResult.Cancelled();
        }
    }

    // First the function's own place, then the project's: a call that waits for its function holds nothing that others need.
    private async ValueTask<(Rejection? Rejection, FunctionRoute? Target)> EnterAsync(
        string project, string function, ProjectRoute route, FunctionRoute? target, long deadline, CancellationToken cancellationToken)
    {
        if (target?.Target.FunctionGate is { } functionGate && await functionGate.EnterAsync(deadline, cancellationToken).ConfigureAwait(false) is { } full)
        {
            return (full, null);
        }

        var entered = false;
        try
        {
            if (await route.Gate.EnterAsync(deadline, cancellationToken).ConfigureAwait(false) is { } rejection)
            {
                return (rejection, null);
            }

            // A deployment may have come or gone while the call waited.
            if (Find(project, function, out var now, out var present, target) is not null || !ReferenceEquals(now!.Gate, route.Gate))
            {
                route.Gate.Exit();
                return (ProjectOrFunctionGone(project, function), null);
            }

            if (present is null || !ReferenceEquals(present.Target.FunctionGate, target?.Target.FunctionGate))
            {
                // Only now it is known that the function has a limit of its own: queue for that without holding the project's place.
                route.Gate.Exit();
                target?.Target.FunctionGate?.Exit();
                entered = true;
                return present is null
                    ? (Rejection.Starting(), null)
                    : await EnterAsync(project, function, now, present, deadline, cancellationToken).ConfigureAwait(false);
            }

            entered = true;
            return (null, present);
        }
        finally
        {
            if (!entered)
            {
                target?.Target.FunctionGate?.Exit();
            }
        }
    }

    private Rejection ProjectOrFunctionGone(string project, string function) =>
        Find(project, function, out _, out _) ?? ProjectNotFound(project);

    // Inside the gates. The places are given back by the invocation when the worker has ended it, or here where there never was one.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InvocationResult> DispatchAsync(
        string project, string function, FunctionRoute target, InvocationRequest request, CancellationToken cancellationToken)
    {
        if (request.Http is not null)
        {
            return await DispatchHttpAsync(project, function, target, request, cancellationToken).ConfigureAwait(false);
        }

        var body = request.Body;
        ReadResult read;
        try
        {
            read = request.Whole is { } payload
                ? new ReadResult(payload, isCanceled: false, isCompleted: true)
                : await body.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            target.Exit();
            if (e is OperationCanceledException && cancellationToken.IsCancellationRequested)
            {
                return UndispatchedResult.Cancelled();
            }

            throw;
        }

        var invocation = _invocations.Rent();
        invocation.TraceParent = request.TraceParent;
        invocation.WantedFormat = request.Format;
        if (!TryOpen(invocation, target, request))
        {
            UndispatchedResult? refused;
            (target, refused) = await OpenLaterAsync(project, function, target, invocation, request, cancellationToken).ConfigureAwait(false);
            if (refused is not null)
            {
                _invocations.Return(invocation);
                Advance(request, read.Buffer.Start);
                return refused;
            }
        }

        target.Target.Recorder.Dispatched(time.GetUtcNow());
        sweep.Wake();

        // Registered before anything can wait, and gone before the result is handed out: after that the caller itself ends the call.
        using var registration = cancellationToken.UnsafeRegister(static state => ((Invocation)state!).Cancel(), invocation);
        var whole = read.IsCompleted && read.Buffer.Length <= MaxFirstPart;
        if (whole && TrySendFirst(invocation, request, read.Buffer, whole: true))
        {
            Advance(request, read.Buffer.End);
        }
        else if (await SendAsync(invocation, request, read, cancellationToken).ConfigureAwait(false) is { } failure)
        {
            await EndUnreadAsync(invocation).ConfigureAwait(false);
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        return await invocation.Begun.ConfigureAwait(false);
    }

    // The function begins before its body is there, and may answer before it has come.
    private async ValueTask<InvocationResult> DispatchHttpAsync(
        string project, string function, FunctionRoute target, InvocationRequest request, CancellationToken cancellationToken)
    {
        var invocation = _invocations.Rent();
        invocation.TraceParent = request.TraceParent;
        if (!TryOpen(invocation, target, request))
        {
            (target, var refused) = await OpenLaterAsync(project, function, target, invocation, request, cancellationToken).ConfigureAwait(false);
            if (refused is not null)
            {
                _invocations.Return(invocation);
                return refused;
            }
        }

        target.Target.Recorder.Dispatched(time.GetUtcNow());
        sweep.Wake();
        using var registration = cancellationToken.UnsafeRegister(static state => ((Invocation)state!).Cancel(), invocation);
        invocation.SendWith(SendHttpAsync(invocation, request, cancellationToken));
        return await invocation.Begun.ConfigureAwait(false);
    }

    // Does not throw. Returns what kept the body from being read; its call is cancelled then.
    private async Task<Exception?> SendHttpAsync(Invocation invocation, InvocationRequest request, CancellationToken cancellationToken)
    {
        var (worker, body, hasBody) = (invocation.Worker, request.Body, request.Http!.HasBody);
        var before = request.First;
        var sent = false;
        invocation.SetBody(body);
        try
        {
            var first = request.Http.EncodeBehind(HeaderOf(invocation, request));
            while (!(sent = invocation.WantsPayload && worker.TrySendInvoke(invocation, first, default, whole: !hasBody, isHttp: true)))
            {
                await worker.WaitForCreditAsync(invocation, first.Length, cancellationToken).ConfigureAwait(false);
            }

            while (hasBody)
            {
                var read = before ?? await body.ReadAsync(cancellationToken).ConfigureAwait(false);
                before = null;
                if (read.IsCanceled || !invocation.WantsPayload)
                {
                    body.AdvanceTo(read.Buffer.Start);
                    break; // It has ended, or its caller is gone.
                }

                try
                {
                    await worker.SendPayloadAsync(invocation.StreamId, invocation.SendCredit, read.Buffer, read.IsCompleted, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    body.AdvanceTo(read.Buffer.End); // However it ends, the server reads on.
                }

                hasBody = !read.IsCompleted;
            }
        }
        catch (OperationCanceledException)
        {
            // The caller is gone, and the result says so.
        }
        catch (IOException) when (!invocation.WantsPayload)
        {
            // The stream or the worker has ended: the result says how.
        }
        catch (Exception failure)
        {
            invocation.Cancel();
            return failure; // The client broke off, or sent more than it may.
        }
        finally
        {
            invocation.SetBody(null);
            request.BodyPlace?.Exit();
            if (!sent)
            {
                worker.Withdraw(invocation);
            }
        }

        return null;
    }

    // The workers were lost, or replaced, since the gate let this call in: waits again for those that follow.
    private async ValueTask<(FunctionRoute Target, UndispatchedResult? Refused)> OpenLaterAsync(
        string project, string function, FunctionRoute target, Invocation invocation, InvocationRequest request, CancellationToken cancellationToken)
    {
        var deadline = time.GetTimestamp() + Ticks(waitTimeout);
        var delay = RetryDelay;
        try
        {
            do
            {
                target.Exit();

                // The gate may be open still: the supervisor has yet to hear what happened to the workers.
                await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
                delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
                if (Find(project, function, out var route, out var present) is { } missing)
                {
                    return (target, UndispatchedResult.Rejected(missing));
                }

                if (time.GetTimestamp() > deadline)
                {
                    return (target, UndispatchedResult.Rejected(
                        new Rejection(RejectionReason.WaitTooLong, "No worker of this project took the call in time (TIMEOUT_NOTIFY).")));
                }

                var (rejection, entered) = await EnterAsync(project, function, route!, present, deadline, cancellationToken).ConfigureAwait(false);
                if (rejection is not null)
                {
                    return (target, UndispatchedResult.Rejected(rejection));
                }

                target = entered!;
            }
            while (!TryOpen(invocation, target, request));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return (target, UndispatchedResult.Cancelled());
        }

        return (target, null);
    }

    private bool TryOpen(Invocation invocation, FunctionRoute target, in InvocationRequest request)
    {
        if (target.Pool.Pick()?.Connection is not { } worker)
        {
            return false;
        }

        var began = time.GetTimestamp();
        var timeout = request.Timeout is { } shorter && shorter < target.Timeout ? shorter : target.Timeout;
        invocation.Begin(target.Target, worker, request.Id ?? InvocationId.New(), began, began + Ticks(timeout));
        return worker.TryOpen(invocation);
    }

    private bool TrySendFirst(Invocation invocation, in InvocationRequest request, in ReadOnlySequence<byte> part, bool whole)
    {
        Span<byte> header = stackalloc byte[InvokeHeader.MaxBytes];
        header = header[..HeaderOf(invocation, request).Write(header)];
        if (part.IsSingleSegment)
        {
            return invocation.Worker.TrySendInvoke(invocation, header, part.FirstSpan, whole);
        }

        var copy = ArrayPool<byte>.Shared.Rent((int)part.Length);
        part.CopyTo(copy);
        var sent = invocation.Worker.TrySendInvoke(invocation, header, copy.AsSpan(0, (int)part.Length), whole);
        ArrayPool<byte>.Shared.Return(copy);
        return sent;
    }

    private InvokeHeader HeaderOf(Invocation invocation, in InvocationRequest request)
    {
        var remaining = Math.Max(0, (long)time.GetElapsedTime(time.GetTimestamp(), invocation.Deadline).TotalMilliseconds);
        return new InvokeHeader(invocation.Target.Number, invocation.Id, remaining, Math.Max(1, request.Attempt), request.TraceParent, EncodingOf(request.Format));
    }

    private static ItemEncoding EncodingOf(ResultFormat format) => format switch
    {
        ResultFormat.Lines => ItemEncoding.Lines,
        ResultFormat.Events => ItemEncoding.Events,
        _ => ItemEncoding.Array,
    };

    // Sends a payload that is larger than a frame, not whole yet, or has to wait for credit. Returns what kept the body from being read.
    private async ValueTask<Exception?> SendAsync(
        Invocation invocation, InvocationRequest request, ReadResult read, CancellationToken cancellationToken)
    {
        var body = request.Body;
        var worker = invocation.Worker;
        var first = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, MaxFirstPart));
        var whole = read.IsCompleted && first.Length == read.Buffer.Length;
        var sent = false;
        invocation.SetBody(body);
        try
        {
            while (!(sent = invocation.WantsPayload && TrySendFirst(invocation, request, first, whole)))
            {
                await worker.WaitForCreditAsync(invocation, (int)first.Length + InvokeHeader.MaxBytes, cancellationToken).ConfigureAwait(false);
            }

            var rest = read.Buffer.Slice(first.End);
            while (!whole)
            {
                await worker.SendPayloadAsync(invocation.StreamId, invocation.SendCredit, rest, read.IsCompleted, cancellationToken).ConfigureAwait(false);
                Advance(request, read.Buffer.End);
                if (read.IsCompleted)
                {
                    return null;
                }

                try
                {
                    read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    return e; // Where it is held it cannot be read.
                }

                if (!invocation.WantsPayload)
                {
                    break; // It ended early: a timeout, an error found in the first part, a lost worker.
                }

                rest = read.Buffer;
            }

            Advance(request, read.Buffer.End);
        }
        catch (IOException)
        {
            Advance(request, read.Buffer.End); // The stream or the worker has ended: the result says how.
        }
        catch (OperationCanceledException)
        {
            // The caller is gone, and the result says so.
        }
        finally
        {
            invocation.SetBody(null);
            if (!sent)
            {
                worker.Withdraw(invocation);
            }
        }

        return null;
    }

    private static void Advance(in InvocationRequest request, SequencePosition consumed)
    {
        if (request.Whole is null)
        {
            request.Body.AdvanceTo(consumed);
        }
    }

    private static async ValueTask EndUnreadAsync(Invocation invocation)
    {
        invocation.Cancel();
        var result = await invocation.Begun.ConfigureAwait(false);
        result.Dispose();
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * time.TimestampFrequency);
}
