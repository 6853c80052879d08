using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Security;
using CloudFunction.Runtime;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using CloudFunction.Runtime.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Idempotency;

/// <summary>
/// A synchronous call with an Idempotency-Key, which is reserved before it runs. Its payload and its result are held whole. It runs on when
/// its client goes away, since that client will ask again: what the function came to is stored and answers every later call with the key.
/// What comes while it runs, on this host or another, waits for it.
/// </summary>
internal sealed partial class KeyedInvocation(
    IInvocationRouter router,
    IIdempotencyStore store,
    StoreOwner owner,
    KeyedCalls calls,
    BodyReceiver bodies,
    KeyedResults results,
    CallerIdentity identity,
    RefusalLog refusals,
    ServerSettings settings,
    TimeProvider time,
    ILogger<KeyedInvocation> logger)
{
    // As long as a call of a function without a limit of its own can take: a wait for a place, then its run.
    private readonly TimeSpan _maxWait = settings.Options.NotifyTimeout + settings.Options.FunctionTimeout;

    public async Task HandleAsync(HttpContext context, string project, string function, InvokeTerms terms)
    {
        if (router.Check(project, function) is { } missing)
        {
            // There is nothing to run, and so nothing to receive.
            await ApiErrorResponse.WriteAsync(context, CallFailure.ToApiError(missing, project, function)).ConfigureAwait(false);
            return;
        }

        using var payload = await bodies.ReceiveAsync(context, project).ConfigureAwait(false);
        var key = IdempotencyKey.OfHash(
            project, function, caller: null, terms.IdempotencyKey!, await payload.HashAsync(context.RequestAborted).ConfigureAwait(false));
        using var patience = new CancellationTokenSource(terms.Timeout < _maxWait ? terms.Timeout.Value : _maxWait, time);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        while (!await TryAnswerAsync(context, project, function, terms, payload, key, waiting.Token).ConfigureAwait(false))
        {
            // The call that this one waited for came to nothing that holds for others: the key is free again.
        }
    }

    // False where the call that had the key came to nothing that holds for this one.
    private async Task<bool> TryAnswerAsync(
        HttpContext context, string project, string function, InvokeTerms terms, HeldBody payload, IdempotencyKey key, CancellationToken waiting)
    {
        var call = calls.Join(key, out var isFirst);
        try
        {
            var outcome = isFirst ? await RunFirstAsync(context, project, function, terms, payload, key, call, waiting).ConfigureAwait(false)
                : call.HasPayloadOf(key) ? await JoinAsync(context, project, () => call.Ended, waiting).ConfigureAwait(false)
                : KeyedOutcome.Conflict();
            if (outcome is not { } known)
            {
                return false;
            }

            if (context.RequestAborted.IsCancellationRequested)
            {
                AnswerNote.Cut(context);
                return true;
            }

            await (known.Answer is { } answer
                ? answer.WriteAsync(context, known.IsReplayed)
                : ApiErrorResponse.WriteAsync(context, known.Error ?? ApiError.Unexpected())).ConfigureAwait(false);
            return true;
        }
        finally
        {
            call.Leave();
        }
    }

    // Waits for a call with the same key.
    private async Task<KeyedOutcome?> JoinAsync(HttpContext context, string project, Func<Task<KeyedOutcome?>> join, CancellationToken waiting)
    {
        if (!calls.TryWait(project))
        {
            return KeyedOutcome.Failed(ApiError.Overloaded(
                "queue full",
                $"{calls.MaxWaiting} calls of this project wait already for others with their Idempotency-Keys (MAX_QUEUE).",
                retryAfterSeconds: 1));
        }

        try
        {
            return await join().WaitAsync(waiting).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return KeyedOutcome.Failed(StillRunning());
        }
        finally
        {
            calls.EndWait(project);
        }
    }

    private async Task<KeyedOutcome?> RunFirstAsync(
        HttpContext context, string project, string function, InvokeTerms terms, HeldBody payload, IdempotencyKey key, KeyedCall call,
        CancellationToken waiting)
    {
        KeyedOutcome? shared = null;
        try
        {
            var anonymousOf = identity.IsAnonymous(context) ? project : null;
            var reservation = await store.ReserveAsync(key, owner, anonymousOf, context.RequestAborted).ConfigureAwait(false);
            switch (reservation.State)
            {
                case KeyState.Stored:
                    var stored = await ReadAsync(reservation.Record!, context.RequestAborted).ConfigureAwait(false);
                    shared = stored?.Shared();
                    return stored ?? KeyedOutcome.Conflict();
                case KeyState.Conflict:
                    return KeyedOutcome.Conflict();
                case KeyState.Running:
                    var outcome = await JoinAsync(context, project, () => JoinElsewhereAsync(key, waiting), waiting).ConfigureAwait(false);
                    shared = outcome is { Error.Code: ApiErrorCode.WorkerCrashed } ? outcome : null;
                    return outcome;
                case KeyState.NoRoom:
                    refusals.NoAnonymousRoom(project);
                    return KeyedOutcome.Failed(ApiError.NoAnonymousRoom());
                default:
                    var ran = await RunReservedAsync(context, project, function, terms, payload, key, call, anonymousOf).ConfigureAwait(false);
                    shared = ran.Shared();
                    return ran;
            }
        }
        finally
        {
            calls.End(key, call, shared);
        }
    }

    // Waits for a call with the same key that another host runs; null once it has ended, and what the key stands for is to be asked again.
    private async Task<KeyedOutcome?> JoinElsewhereAsync(IdempotencyKey key, CancellationToken waiting) =>
        await store.WaitForEndAsync(key, waiting).ConfigureAwait(false) ? null : KeyedOutcome.Failed(HostLost());

    private static async Task<KeyedOutcome?> ReadAsync(IdempotencyRecord record, CancellationToken cancellationToken) =>
        record is { IsSamePayload: true, Outcome: { } stored }
        && await StoredAnswer.ReadAsync(stored, cancellationToken).ConfigureAwait(false) is { } answer
            ? KeyedOutcome.Replayed(answer)
            : null;

    private async Task<KeyedOutcome> RunReservedAsync(
        HttpContext context, string project, string function, InvokeTerms terms, HeldBody payload, IdempotencyKey key, KeyedCall call,
        string? anonymousOf)
    {
        try
        {
            var outcome = await RunAsync(context, project, function, terms, payload).ConfigureAwait(false);
            if (outcome.Large is { } large)
            {
                call.Hold(large);
                var answer = await SaveLargeAsync(project, function, key, large, anonymousOf).ConfigureAwait(false);
                if (answer is null)
                {
                    answer = await StoredAnswer.ReadAsync(new StoredValue(large), CancellationToken.None).ConfigureAwait(false);
                }
                else
                {
                    large.Dispose(); // The store has its file.
                }

                return KeyedOutcome.Ran(answer);
            }

            if (outcome.Answer is { } small)
            {
                await SaveAsync(project, function, key, small, anonymousOf).ConfigureAwait(false);
            }

            return outcome;
        }
        finally
        {
            await FreeAsync(project, function, key).ConfigureAwait(false); // Where nothing was stored.
        }
    }

    private async Task<KeyedOutcome> RunAsync(HttpContext context, string project, string function, InvokeTerms terms, HeldBody payload)
    {
        var request = new InvocationRequest(payload.OpenReader(), terms.Timeout, CallerTrace.ParentOf(context));
        using var result = await router.InvokeAsync(project, function, request, CancellationToken.None).ConfigureAwait(false);
        try
        {
            if (result.Outcome == InvocationOutcome.Succeeded)
            {
                return result.IsComplete
                    ? KeyedOutcome.Ran(Wrap(result.Payload, result.ExecutionTime))
                    : KeyedOutcome.RanLarge(await results.CollectAsync(result, project).ConfigureAwait(false));
            }
        }
        catch (InvocationBrokenException exception)
        {
            return KeyedOutcome.Failed(CallFailure.ToApiError(exception.Outcome, new InvocationError(exception.Message), exception.InvocationId));
        }
        catch (StorageFullException full)
        {
            refusals.StorageFull(full.Folder, full.Message);
            return KeyedOutcome.Failed(ApiError.ResultNotHeld(full.Folder, result.InvocationId));
        }

        var error = CallFailure.ToApiError(result, project, function);
        return result.Outcome is InvocationOutcome.FunctionFailed or InvocationOutcome.InvalidPayload
            ? KeyedOutcome.Ran(StoredAnswer.Json(error.Status, bodyLength: 0, buffer => ApiErrorResponse.Write(buffer, context, error)))
            : KeyedOutcome.Failed(error);
    }

    private StoredAnswer Wrap(ReadOnlyMemory<byte> json, TimeSpan executionTime) => StoredAnswer.Json(
        StatusCodes.Status200OK,
        InvokeEnvelope.Length(json.Length, executionTime),
        buffer => InvokeEnvelope.Write(buffer, json.Span, executionTime, time.GetUtcNow()));

    // The function has run, and its caller is owed what it came to, whether that can be stored or not.
    private async Task SaveAsync(string project, string function, IdempotencyKey key, StoredAnswer answer, string? anonymousOf)
    {
        using var bound = new CancellationTokenSource(settings.Options.NotifyTimeout, time);
        try
        {
            if (await store.SaveAsync(key, owner, answer.Bytes, anonymousOf, bound.Token).ConfigureAwait(false) is null)
            {
                LogNothingStored(project, function, anonymousOf);
            }
        }
        catch (Exception exception) when (exception is TaskStoreException or OperationCanceledException)
        {
            LogNotStored(exception, project, function);
        }
    }

    // What was held is the store's then, and is sent from there; where it is null, from where it is held, to those that have waited too.
    private async Task<StoredAnswer?> SaveLargeAsync(string project, string function, IdempotencyKey key, HeldBody answer, string? anonymousOf)
    {
        using var bound = new CancellationTokenSource(settings.Options.NotifyTimeout, time);
        try
        {
            if (await store.SaveAsync(key, owner, new NewValue(answer), anonymousOf, bound.Token).ConfigureAwait(false) is { Outcome: { } stored })
            {
                return await StoredAnswer.ReadAsync(stored, CancellationToken.None).ConfigureAwait(false);
            }

            LogNothingStored(project, function, anonymousOf);
        }
        catch (Exception exception) when (exception is TaskStoreException or OperationCanceledException)
        {
            LogNotStored(exception, project, function);
        }

        return null;
    }

    private async Task FreeAsync(string project, string function, IdempotencyKey key)
    {
        try
        {
            await store.FreeAsync(key, owner, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TaskStoreException exception)
        {
            LogNotFreed(exception, project, function);
        }
    }

    private void LogNothingStored(string project, string function, string? anonymousOf)
    {
        if (anonymousOf is null)
        {
            LogReservationLost(project, function);
        }
        else
        {
            LogNoRoom(project, function);
        }
    }

    private static ApiError HostLost() => new(
        StatusCodes.Status502BadGateway, ApiErrorCode.WorkerCrashed,
        "The host that ran the call with this Idempotency-Key is gone: what the call came to is not known.")
    {
        Reason = "host lost",
    };

    private static ApiError StillRunning() => new(
        StatusCodes.Status504GatewayTimeout, ApiErrorCode.Timeout,
        "A call with this Idempotency-Key still runs. Retry with the same key to get its outcome.")
    {
        Field = InvokeParameters.IdempotencyKey,
        Reason = "still runs",
    };
}
