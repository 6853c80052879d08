using CloudFunction.AspNetCore.Endpoints;
using CloudFunction.AspNetCore.Hosting;
using CloudFunction.AspNetCore.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the routes of the function runtime.</summary>
public static class CloudFunctionEndpointRouteBuilderExtensions
{
    // An app's own "/" or "/health" is at order 0 and so is asked first.
    private const int AfterTheApp = 1;

    /// <summary>
    /// Maps the runtime's routes: <c>/</c>, <c>/health*</c>, <c>/status</c>, and everything below <c>/api/v1/projects</c>,
    /// <c>/api/v1/functions</c> and <c>/api/v1/env</c>. An endpoint of the app's own at one of the first three wins.
    /// </summary>
    /// <param name="endpoints">The app, or a group such as <c>app.MapGroup("/prefix")</c>.</param>
    /// <returns>A builder for conventions on all routes or, through its properties, on one group of them.</returns>
    /// <exception cref="InvalidOperationException"><c>AddCloudFunctions()</c> was not called on the app's services.</exception>
    public static CloudFunctionEndpointConventionBuilder MapCloudFunctions(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        FrontEndMarker.Require(services, nameof(MapCloudFunctions));

        var all = endpoints.MapGroup("");
        RawPath.Protect(all);
        var management = all.MapGroup("");
        services.GetRequiredService<ManagementGuard>().Protect(management);
        MapPublic(all.MapGroup(""), services);
        MapManagement(management, services);
        return new CloudFunctionEndpointConventionBuilder(all, MapInvocation(all.MapGroup(""), services), management);
    }

    private static void MapPublic(IEndpointRouteBuilder group, IServiceProvider services)
    {
        var status = services.GetRequiredService<StatusEndpoints>();
        RequestDelegate Around(RequestDelegate handler) => services.GetRequiredService<ApiErrorBoundary>().AroundEndpoint(handler);

        group.MapApiGet("/", Around(status.RootAsync), AfterTheApp);
        group.MapApiGet("/health", Around(status.ReadyAsync), AfterTheApp);
        group.MapApiGet("/health/live", Around(status.LiveAsync), AfterTheApp);
        group.MapApiGet("/health/ready", Around(status.ReadyAsync), AfterTheApp);
        group.Map("/api/v1/projects/{**rest}", UnknownRoute.AnswerAsync);
        group.Map("/api/v1/functions/{**rest}", UnknownRoute.AnswerAsync);
    }

    private static void MapManagement(IEndpointRouteBuilder group, IServiceProvider services)
    {
        var status = services.GetRequiredService<StatusEndpoints>();
        var projects = services.GetRequiredService<ProjectEndpoints>();
        var functions = services.GetRequiredService<FunctionEndpoints>();
        var environment = services.GetRequiredService<EnvironmentEndpoints>();
        RequestDelegate Around(RequestDelegate handler) => services.GetRequiredService<ApiErrorBoundary>().AroundEndpoint(handler);

        group.MapApiGet("/status", Around(status.StatusAsync), AfterTheApp);
        group.MapApiGet("/api/v1/projects", Around(projects.ListAsync));
        group.MapApiGet("/api/v1/projects/{project}", Around(projects.GetAsync));
        group.MapApiPost("/api/v1/projects/{project}/start", Around(projects.StartAsync));
        group.MapApiPost("/api/v1/projects/{project}/stop", Around(projects.StopAsync));
        group.MapApiPost("/api/v1/projects/{project}/restart", Around(projects.RestartAsync));
        group.MapApiGet("/api/v1/env/system", Around(environment.GetSystemAsync));
        group.MapApiGet("/api/v1/functions/{project}", Around(functions.ListAsync));
        group.MapApiGet("/api/v1/functions/{project}/{function}", Around(functions.GetAsync));
    }

    private static RouteGroupBuilder MapInvocation(RouteGroupBuilder group, IServiceProvider services)
    {
        var limit = new MaxRequestSize(services.GetRequiredService<ServerSettings>().Options.MaxRequestBytes);
        group.MapApiPost("/api/v1/functions/{project}/{function}/invoke", services.GetRequiredService<InvokeEndpoint>().HandleAsync)
            .WithMetadata(limit);
        return group;
    }
}
