using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>What is known of a body before it is read.</summary>
internal static class UnreadBody
{
    /// <summary>Whether there is none. A body of a length that was not announced is examined, and nothing is taken out of it.</summary>
    public static async ValueTask<bool> IsEmptyAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.ContentLength is { } length)
        {
            return length == 0;
        }

        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return true;
        }

        var read = await request.BodyReader.ReadAsync(context.RequestAborted).ConfigureAwait(false);
        request.BodyReader.AdvanceTo(read.Buffer.Start);
        return read.IsCompleted && read.Buffer.IsEmpty;
    }

    /// <summary>Refuses a body by its announced length, before a byte of it is read.</summary>
    /// <exception cref="ApiException">It is longer than the endpoint's <see cref="MaxRequestSize"/>.</exception>
    public static void CheckLength(HttpContext context, bool isForm = false)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<MaxRequestSize>() is { } limit
            && context.Request.ContentLength > (isForm ? limit.MaxRequestBodySize : limit.Bytes))
        {
            throw new ApiException(ApiError.BodyTooLarge(limit.Bytes, limit.Setting));
        }
    }
}
