using CloudFunction.AspNetCore.Connections;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Routes;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>
/// Around the whole app, from the outside in: the mark that a connection is busy, the access log, the API's error format, the client behind trusted
/// proxies, the hosts that requests may be for, the sites whose pages may call. Behind the app's last middleware, the
/// answer to what nothing answered.
/// </summary>
internal sealed class ServerPipeline(ServerSettings settings, ApiErrorBoundary boundary, AccessLog accessLog) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        var options = settings.Options;
        app.Use(BusyConnection.Around);
        if (options.AccessLog)
        {
            app.Use(accessLog.Around);
        }

        app.Use(boundary.AroundApp);
        if (options.ProxyHeaders)
        {
            UseProxyHeaders(app, new ForwardedClient(new TrustedProxies(options.ForwardedAllowIps)));
        }

        if (new TrustedHosts(options.TrustedHosts) is { IsAny: false } hosts)
        {
            app.Use(following => context => hosts.Check(context.Request) is { } refusal
                ? ApiErrorResponse.WriteAsync(context, refusal)
                : following(context));
        }

        if (AllowedOrigins.MakePolicy(options.AllowedOrigins) is { } policy)
        {
            app.UseMiddleware<Microsoft.AspNetCore.Cors.Infrastructure.CorsMiddleware>(policy);
        }

        next(app);
        app.Run(static context => ApiErrorResponse.WriteAsync(
            context, RawPath.FindDotSegment(context) ?? ApiError.NoSuchRoute(context.Request.Method, context.Request.Path)));
    };

    private static void UseProxyHeaders(IApplicationBuilder app, ForwardedClient client) => app.Use(following => context =>
    {
        client.Apply(context);
        return following(context);
    });
}
