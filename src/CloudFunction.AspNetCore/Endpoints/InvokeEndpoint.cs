using System.Buffers;
using System.Diagnostics;
using CloudFunction.AspNetCore.Endpoints.Idempotency;
using CloudFunction.AspNetCore.Endpoints.Streaming;
using CloudFunction.AspNetCore.Endpoints.Tasks;
using CloudFunction.AspNetCore.Hosting;
using CloudFunction.AspNetCore.Pipeline;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>
/// <c>POST …/functions/{project}/{function}/invoke</c>: the hot path. The payload is never looked at: the request's bytes go to the router
/// unread, the result's bytes are copied once, into the server's own buffer.
/// </summary>
internal sealed class InvokeEndpoint(
    IInvocationRouter router, EnqueueEndpoint enqueue, KeyedInvocation keyed, ServerSettings settings, TimeProvider time, ApiErrorBoundary boundary)
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
                await (terms.IsAsync ? enqueue.HandleAsync(context, project!, function!, terms) : keyed.HandleAsync(context, project!, function!, terms)).ConfigureAwait(false);
                return;
            }

            using var result = await router.InvokeAsync(
                project!, function!, new InvocationRequest(context.Request.BodyReader, timeout, TraceParent(context)) { Format = ItemFormat.Of(context.Request) }, context.RequestAborted).ConfigureAwait(false);
            await WriteAsync(context, result, project!, function!).ConfigureAwait(false);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await ApiErrorResponse.WriteAsync(context, ApiError.BodyTooLarge(_maxRequestBytes, "MAX_REQUEST_BYTES")).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is InvocationBrokenException || (exception is IOException and not BadHttpRequestException))
        {
            // The response broke off in the middle, or the client did: either way there is nobody to tell, and nothing may look whole.
            context.Abort();
        }
        catch (Exception exception) when (exception is not BadHttpRequestException)
        {
            // The edge of the request. What HTTP itself forbids (BadHttpRequestException) is the server's to answer.
            await boundary.AnswerAsync(context, exception).ConfigureAwait(false);
        }
    }

    private Task WriteAsync(HttpContext context, InvocationResult result, string project, string function)
    {
        if (result.Outcome == InvocationOutcome.Succeeded)
        {
            return result.Format != ResultFormat.Json ? WriteItemsAsync(context, result, project, function)
                : result.IsComplete ? WriteWhole(context.Response, result)
                : WritePartsAsync(context, result);
        }

        if (result.Outcome == InvocationOutcome.Cancelled)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        return ApiErrorResponse.WriteAsync(context, InvocationFailure.ToApiError(result, project, function));
    }

    private static async Task WriteItemsAsync(HttpContext context, InvocationResult result, string project, string function)
    {
        // A function may be silent for long: its client's leaving must not wait for its next item.
        using var left = context.RequestAborted.UnsafeRegister(static state => ((InvocationResult)state!).Cancel(), result);
        if (!await ItemResponse.WriteAsync(context, result, project, function).ConfigureAwait(false))
        {
            context.Abort();
        }
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

    private async Task WritePartsAsync(HttpContext context, InvocationResult result)
    {
        var executionTime = result.ExecutionTime;
        var output = context.Response.BodyWriter;
        context.Response.Headers.ContentType = JsonResponse.ContentType;
        await context.Response.StartAsync(CancellationToken.None).ConfigureAwait(false);
        var size = new ResponseSize();
        context.Features.Set(size);
        InvokeEnvelope.WriteHead(output);
        long parts = 0;
        while (true)
        {
            output.Write(result.Payload.Span);
            parts += result.Payload.Length;
            if (result.IsComplete)
            {
                break;
            }

            // Waits while the client has no room, so that a slow reader holds the worker back and not the host's memory.
            var flushed = await output.FlushAsync(context.RequestAborted).ConfigureAwait(false);
            if (flushed.IsCompleted || flushed.IsCanceled)
            {
                context.Abort();
                return;
            }

            await result.ReadAsync().ConfigureAwait(false);
        }

        InvokeEnvelope.WriteTail(output, executionTime, time.GetUtcNow());
        size.Bytes = parts + InvokeEnvelope.Length(0, executionTime);
    }

    /// <summary>The trace context that a call runs in; null for none.</summary>
    internal static string? TraceParent(HttpContext context) => Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
        ? activity.Id
        : context.Request.Headers.TraceParent is { Count: 1 } header ? header.ToString() : null;
}
