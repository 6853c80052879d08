using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace CloudFunction.AspNetCore.Endpoints.Bodies;

/// <summary>The server's own minimum rate of a request's body, an average from the first second on: it would end bodies that keep
/// to our limits.</summary>
internal static class ServerBodyRate
{
    // Kestrel reads the rate when the body is first read, and again when it is not met: none by then is an exception in its heartbeat, which keeps it
    // from all other connections' time limits. So there is always one.
    private static readonly MinDataRate Never = new(bytesPerSecond: 1, gracePeriod: TimeSpan.MaxValue);

    /// <summary>Has our limits alone hold for a request. To be called before its body is first read.</summary>
    public static void Lift(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } feature)
        {
            // HTTP/2 has one rate for a connection, of which a request can only be excepted.
            feature.MinDataRate = HttpProtocol.IsHttp11(context.Request.Protocol) || HttpProtocol.IsHttp10(context.Request.Protocol) ? Never : null;
        }
    }
}
