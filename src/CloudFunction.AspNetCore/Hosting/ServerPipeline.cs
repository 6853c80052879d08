using CloudFunction.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>Puts the API's error format around the whole app, and behind its last middleware for what nothing answered.</summary>
internal sealed class ServerPipeline(ApiErrorBoundary boundary) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(following => boundary.AroundApp(following));
        next(app);
        app.Run(static context => ApiErrorResponse.WriteAsync(
            context, RawPath.FindDotSegment(context) ?? ApiError.NoSuchRoute(context.Request.Method, context.Request.Path)));
    };
}
