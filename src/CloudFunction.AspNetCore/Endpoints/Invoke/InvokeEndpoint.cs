using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Idempotency;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Endpoints.Streaming;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using CloudFunction.Runtime.Routing;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Invoke;

/// <summary>
/// <c>POST …/functions/{project}/{function}/invoke</c>: the hot path. The payload is never parsed: the request's bytes go to
/// the router as they came, the result's bytes are copied once, into the server's own buffer.
/// </summary>
internal sealed class InvokeEndpoint(
    IInvocationRouter router, EnqueueEndpoint enqueue, KeyedInvocation keyed, BodyReceiver bodies, ResultRelay results, ItemResponse items,
    ServerSettings settings,
    TimeProvider time, ApiErrorBoundary boundary)
{
    private readonly long _maxRequestBytes = settings.Options.MaxRequestBytes;

    public async Task HandleAsync(HttpContext context)
    {
        var values = context.Request.RouteValues;
        var project = values["project"] as string;
        var function = values["function"] as string;
        try
        {
            if (InvokeParameters.Check(context, project, function, _maxRequestBytes, out var timeout, out var terms) is { } refusal)
            {
                await ApiErrorResponse.WriteAsync(context, refusal).ConfigureAwait(false);
                if (refusal.Status == StatusCodes.Status413PayloadTooLarge)
                {
                    await RefusedBody.DrainAsync(context, time).ConfigureAwait(false);
                }

                return;
            }

            if (terms is not null)
            {
                await (terms.IsAsync
                    ? enqueue.HandleAsync(context, project!, function!, terms)
                    : keyed.HandleAsync(context, project!, function!, terms)).ConfigureAwait(false);
                return;
            }

            var reader = context.Request.BodyReader;
            if (!BodyReceiver.TryReadWindow(context, out var read))
            {
                if (router.Check(project!, function!) is { } missing)
                {
                    // There is nothing to run, and so nothing to wait for.
                    await ApiErrorResponse.WriteAsync(context, CallFailure.ToApiError(missing, project!, function!)).ConfigureAwait(false);
                    return;
                }

                read = await bodies.ReadWindowAsync(context, project!, out reader).ConfigureAwait(false);
                if (!BodyReceiver.IsWholeWindow(read))
                {
                    await ReceiveAndRunAsync(context, project!, function!, timeout, reader, read).ConfigureAwait(false);
                    return;
                }
            }

            var request = new InvocationRequest(reader, timeout, CallerTrace.ParentOf(context))
            {
                Whole = read.Buffer,
                Items = AcceptedItems.Of(context.Request),
            };
            using var result = await RunAsync(project!, function!, request, context.RequestAborted).ConfigureAwait(false);
            await WriteAsync(context, result, project!, function!).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await ApiErrorResponse.WriteAsync(context, ApiError.BodyTooLarge(_maxRequestBytes, "MAX_REQUEST_BYTES")).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvocationBrokenException || (exception is IOException and not BadHttpRequestException))
        {
            // The response broke off in the middle, or the client did: either way there is nobody to notify, and nothing may seem whole.
            AnswerNote.Cut(context);
        }
        catch (Exception exception)
        {
            // The edge of the request.
            await boundary.AnswerAsync(context, exception).ConfigureAwait(false);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<InvocationResult> RunAsync(
        string project, string function, InvocationRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await router.InvokeAsync(project, function, request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.Body.AdvanceTo(request.Whole!.Value.End);
        }
    }

    private async Task ReceiveAndRunAsync(HttpContext context, string project, string function, TimeSpan? timeout, PipeReader reader, ReadResult read)
    {
        using var body = await bodies.ReceiveRestAsync(context, project, reader, read).ConfigureAwait(false);
        var request = new InvocationRequest(body.OpenReader(), timeout, CallerTrace.ParentOf(context)) { Items = AcceptedItems.Of(context.Request) };
        using var result = await router.InvokeAsync(project, function, request, context.RequestAborted).ConfigureAwait(false);
        await WriteAsync(context, result, project, function).ConfigureAwait(false);
    }

    private Task WriteAsync(HttpContext context, InvocationResult result, string project, string function)
    {
        if (result.Outcome == InvocationOutcome.Succeeded)
        {
            return result.Items != ItemEncoding.Array ? WriteItemsAsync(context, result, project, function)
                : result.IsComplete ? WriteWhole(context.Response, result)
                : results.WriteAsync(context, result, project);
        }

        if (result.Outcome == InvocationOutcome.Cancelled)
        {
            AnswerNote.Cut(context);
            return Task.CompletedTask;
        }

        return ApiErrorResponse.WriteAsync(context, CallFailure.ToApiError(result, project, function));
    }

    private async Task WriteItemsAsync(HttpContext context, InvocationResult result, string project, string function)
    {
        // A function may be silent for long: its client's leaving must not wait for its next item.
        using var left = context.RequestAborted.UnsafeRegister(static state => ((InvocationResult)state!).Cancel(), result);
        await items.WriteAsync(context, result, project, function).ConfigureAwait(false);
    }

    private Task WriteWhole(HttpResponse response, InvocationResult result)
    {
        var payload = result.Payload;
        var executionTime = result.ExecutionTime;
        response.Headers.ContentType = JsonResponse.ContentType;
        response.ContentLength = InvokeEnvelope.Length(payload.Length, executionTime);

        // Once started, the server's writer hands out its own buffer; before, one that it copies from later.
        var started = response.StartAsync(CancellationToken.None);
        if (!started.IsCompletedSuccessfully)
        {
            return WriteWholeLater(started, response, result);
        }

        // The end of the request flushes it: headers, envelope and result leave in one system call.
        InvokeEnvelope.Write(response.BodyWriter, payload.Span, executionTime, time.GetUtcNow());
        return Task.CompletedTask;
    }

    private async Task WriteWholeLater(Task started, HttpResponse response, InvocationResult result)
    {
        await started.ConfigureAwait(false);
        InvokeEnvelope.Write(response.BodyWriter, result.Payload.Span, result.ExecutionTime, time.GetUtcNow());
    }
}
