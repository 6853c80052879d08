using System.Buffers;
using System.IO.Pipelines;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Protocol.Messages;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudFunction.AspNetCore.Endpoints.Streaming;

/// <summary>Items as a response: each leaves as it comes, and a client that has no room for them holds the function back.</summary>
internal sealed class ItemResponse(TransferWatch watch, ServerSettings settings)
{
    private readonly TransferLimits _limits = TransferLimits.OfStream(settings.Options);

    private static ReadOnlySpan<byte> ErrorEvent => "event: error\ndata: "u8;

    private static ReadOnlySpan<byte> EndEvent => "event: end\ndata: {\"status\":\"success\"}\n\n"u8;

    /// <summary>Answers with the items of a result that has begun well.</summary>
    /// <exception cref="InvocationBrokenException">It broke off in the middle of an item: the connection is to be cut.</exception>
    /// <exception cref="OperationCanceledException">The client is gone, or took too long: the connection is cut.</exception>
    public async Task WriteAsync(HttpContext context, InvocationResult result, string project, string function)
    {
        var isEvents = result.Items == ItemEncoding.Events;
        await StartAsync(context, isEvents).ConfigureAwait(false);
        var size = new ResponseSize();
        context.Features.Set(size);
        var body = ResponseBody.Begin(context, project, watch, _limits);
        var place = new ItemPlace(isEvents);
        try
        {
            while (true)
            {
                body.Write(result.Payload.Span);
                place.Pass(result.Payload.Span);
                size.Bytes += result.Payload.Length;
                if (result.IsComplete)
                {
                    break;
                }

                await body.FlushAsync().ConfigureAwait(false);
                await result.ReadAsync().ConfigureAwait(false);
            }
        }
        catch (InvocationBrokenException broken) when (place.IsBetweenItems && broken.Outcome != InvocationOutcome.Cancelled)
        {
            size.Bytes += WriteError(context.Response.BodyWriter, context, CallFailure.ToApiError(broken, project, function), isEvents);
            return;
        }

        if (isEvents)
        {
            body.Write(EndEvent);
            size.Bytes += EndEvent.Length;
        }
    }

    private static Task StartAsync(HttpContext context, bool isEvents)
    {
        var headers = context.Response.Headers;
        headers.ContentType = isEvents ? AcceptedItems.EventsType : AcceptedItems.LinesType;
        headers.CacheControl = "no-store";
        headers["X-Accel-Buffering"] = "no"; // nginx would keep items back to fill its buffers.
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering(); // As would compression, in the app's pipeline.
        return context.Response.StartAsync(CancellationToken.None);
    }

    private static int WriteError(PipeWriter output, HttpContext context, ApiError error, bool isEvents)
    {
        var json = new ArrayBufferWriter<byte>();
        ApiErrorResponse.Write(json, context, error);
        if (isEvents)
        {
            output.Write(ErrorEvent);
        }

        output.Write(json.WrittenSpan);
        output.Write(isEvents ? "\n\n"u8 : "\n"u8);
        return json.WrittenCount + (isEvents ? ErrorEvent.Length + 2 : 1);
    }
}
