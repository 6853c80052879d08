using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore;

/// <summary>How many bytes a response's body has. Known from its length; what is sent in parts is counted by who sends it, so that no stream need be
/// wrapped for all the others.</summary>
internal sealed class ResponseSize
{
    /// <summary>The bytes sent so far.</summary>
    public long Bytes { get; set; }

    /// <summary>The size of a response that is complete; null where nobody knows it.</summary>
    public static long? Of(HttpContext context) =>
        HttpMethods.IsHead(context.Request.Method)
            ? 0
            : context.Response.ContentLength ?? context.Features.Get<ResponseSize>()?.Bytes ?? (context.Response.HasStarted ? null : 0);
}
