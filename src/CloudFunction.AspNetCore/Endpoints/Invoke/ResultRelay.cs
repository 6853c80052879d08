using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Transfers;
using CloudFunction.Runtime.Bodies;
using CloudFunction.Runtime.Invocations;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Invoke;

/// <summary>
/// Answers with a result that comes in parts. It is fetched from the worker as fast as that sends it, whatever the client takes, so that a
/// slow client holds no place of the project: what the client has not taken yet is held in room that is counted for the project.
/// </summary>
internal sealed class ResultRelay(HostBodies bodies, TransferWatch watch, ServerSettings settings, TimeProvider time)
{
    private readonly TransferLimits _limits = TransferLimits.OfBody(settings.Options);

    /// <summary>Answers with a result that has begun well and is not complete.</summary>
    /// <exception cref="InvocationBrokenException">It broke off: the connection is to be cut.</exception>
    /// <exception cref="OperationCanceledException">The client is gone, or took too long: the connection is cut.</exception>
    public async Task WriteAsync(HttpContext context, InvocationResult result, string project)
    {
        var executionTime = result.ExecutionTime;
        context.Response.Headers.ContentType = JsonResponse.ContentType;
        await context.Response.StartAsync(CancellationToken.None).ConfigureAwait(false);
        var size = new ResponseSize();
        context.Features.Set(size);
        var response = ResponseBody.Begin(context, project, watch, _limits);
        InvokeEnvelope.WriteHead(context.Response.BodyWriter);

        using var queue = new ResultQueue(bodies, project, watch, time);
        var fetching = queue.FetchAsync(result);
        try
        {
            while (await queue.ReadAsync(context.RequestAborted).ConfigureAwait(false) is { IsEmpty: false } piece)
            {
                response.Write(piece.Span);
                await response.FlushAsync().ConfigureAwait(false);
            }
        }
        catch
        {
            result.Cancel();
            throw;
        }
        finally
        {
            queue.Stop();
            await fetching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        InvokeEnvelope.WriteTail(context.Response.BodyWriter, executionTime, time.GetUtcNow());
        size.Bytes = response.Bytes + InvokeEnvelope.Length(0, executionTime);
    }
}
