using System.IO.Pipelines;
using CloudFunction.AspNetCore.Transfers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>Has whoever reads a request's body, by its stream or its reader, wait for its client no longer than the limits allow.</summary>
internal sealed class WatchedRequest : IRequestBodyPipeFeature
{
    private WatchedRequest(PipeReader reader) => Reader = reader;

    /// <inheritdoc/>
    public PipeReader Reader { get; }

    /// <summary>Does so for one request from now on.</summary>
    public static void Install(HttpContext context, TransferWatch watch, TransferLimits limits)
    {
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return;
        }

        var request = new WatchedRequest(new WatchedBodyReader(context, project: "", watch, limits));
        context.Request.Body = request.Reader.AsStream(leaveOpen: true);
        context.Features.Set<IRequestBodyPipeFeature>(request);
    }
}
