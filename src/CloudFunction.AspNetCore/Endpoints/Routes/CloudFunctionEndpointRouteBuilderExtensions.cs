using CloudFunction.AspNetCore;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Http;
using CloudFunction.AspNetCore.Endpoints.Invoke;
using CloudFunction.AspNetCore.Endpoints.Projects;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Endpoints.Routes;
using CloudFunction.AspNetCore.Endpoints.Schedules;
using CloudFunction.AspNetCore.Endpoints.Status;
using CloudFunction.AspNetCore.Endpoints.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the routes of the function runtime.</summary>
public static class CloudFunctionEndpointRouteBuilderExtensions
{
    private static readonly MaxRequestSize SmallBody = new(JsonObjectBody.MaxBytes);

    // An app's own "/" or "/health" is at order 0 and so is asked first.
    private const int AfterTheApp = 1;

    /// <summary>
    /// Maps the runtime's routes: <c>/</c>, <c>/health*</c>, <c>/status</c>, and everything below <c>/api/v1/projects</c>,
    /// <c>/api/v1/functions</c>, <c>/fn</c>, <c>/api/v1/tasks</c>, <c>/api/v1/schedules</c>, <c>/api/v1/env</c> and
    /// <c>/api/v1/dependencies</c>. An endpoint of the app's own at one of the first three wins.
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
        MapTasks(all.MapGroup(""), management, services);
        MapSchedules(management, services);
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
        var environment = services.GetRequiredService<EnvironmentEndpoints>();
        var dependencies = services.GetRequiredService<DependencyEndpoints>();
        RequestDelegate Around(RequestDelegate handler) => services.GetRequiredService<ApiErrorBoundary>().AroundEndpoint(handler);

        group.MapApiGet("/status", Around(status.StatusAsync), AfterTheApp);
        group.MapApi("/api/v1/env/system", ("GET", Around(environment.GetSystemAsync)), ("PUT", Around(environment.PutSystemAsync)))
            .WithMetadata(SmallBody);
        group.MapApi("/api/v1/projects/{project}/env", ("GET", Around(environment.GetProjectAsync)), ("PUT", Around(environment.PutProjectAsync)))
            .WithMetadata(SmallBody);
        group.MapApiGet("/api/v1/dependencies/system", Around(dependencies.GetSystemAsync));
        group.MapApiGet("/api/v1/projects/{project}/dependencies", Around(dependencies.GetProjectAsync));
        MapProjects(group, services, Around);
        MapFunctions(group, services, Around);
    }

    private static void MapProjects(IEndpointRouteBuilder group, IServiceProvider services, Func<RequestDelegate, RequestDelegate> around)
    {
        var projects = services.GetRequiredService<ProjectEndpoints>();
        var deploys = services.GetRequiredService<DeployEndpoints>();
        var upload = new MaxRequestSize(
            services.GetRequiredService<ServerSettings>().Options.MaxUploadBytes, "MAX_UPLOAD_BYTES", MultipartForm.FramingBytes);

        group.MapApiGet("/api/v1/projects", around(projects.ListAsync));
        group.MapApi("/api/v1/projects/{project}", ("GET", around(projects.GetAsync)), ("DELETE", around(projects.DeleteAsync)));
        group.MapApiPost("/api/v1/projects/{project}/start", around(projects.StartAsync));
        group.MapApiPost("/api/v1/projects/{project}/stop", around(projects.StopAsync));
        group.MapApiPost("/api/v1/projects/{project}/restart", around(projects.RestartAsync));
        group.MapApiPost("/api/v1/projects/{project}/deploy", around(deploys.DeployAsync)).WithMetadata(upload);
        group.MapApiGet("/api/v1/projects/{project}/versions", around(deploys.VersionsAsync));
        group.MapApiPost("/api/v1/projects/{project}/rollback", around(deploys.RollbackAsync)).WithMetadata(SmallBody);
        group.MapApiPut("/api/v1/projects/{project}/traffic", around(deploys.SetTrafficAsync)).WithMetadata(SmallBody);
    }

    private static void MapFunctions(IEndpointRouteBuilder group, IServiceProvider services, Func<RequestDelegate, RequestDelegate> around)
    {
        var functions = services.GetRequiredService<FunctionEndpoints>();
        var deploys = services.GetRequiredService<FunctionDeployEndpoints>();
        var maxUploadBytes = services.GetRequiredService<ServerSettings>().Options.MaxUploadBytes;
        var form = maxUploadBytes < FunctionForm.MaxBytes
            ? new MaxRequestSize(maxUploadBytes, "MAX_UPLOAD_BYTES", MultipartForm.FramingBytes)
            : new MaxRequestSize(FunctionForm.MaxBytes, framing: MultipartForm.FramingBytes);

        group.MapApiGet("/api/v1/functions/{project}", around(functions.ListAsync));
        group.MapApi("/api/v1/functions/{project}/{function}", ("GET", around(functions.GetAsync)), ("DELETE", around(deploys.DeleteAsync)));
        group.MapApiPost("/api/v1/functions/{project}/{function}/deploy", around(deploys.RedeployAsync));

        // A function may be named "deploy": all but a POST is meant for it.
        group.MapSpecialPost("/api/v1/functions/{project}/deploy", around(deploys.DeployAsync)).WithMetadata(form);
    }

    // Who knows a task's id, which nobody can guess, may read it.
    private static void MapTasks(IEndpointRouteBuilder open, IEndpointRouteBuilder management, IServiceProvider services)
    {
        const string task = "/api/v1/tasks/{id}";
        const string tasksOfFunction = "/api/v1/functions/{project}/{function}/tasks";
        const string taskOfFunction = tasksOfFunction + "/{id}";
        var tasks = services.GetRequiredService<TaskEndpoints>();
        RequestDelegate Around(RequestDelegate handler) => services.GetRequiredService<ApiErrorBoundary>().AroundEndpoint(handler);

        open.MapApiMethod(task, "GET", Around(tasks.GetAsync));
        open.MapNotAllowed(task, "GET", "DELETE");
        open.MapApiMethod(taskOfFunction, "GET", Around(tasks.GetOfFunctionAsync));
        open.MapNotAllowed(taskOfFunction, "GET", "DELETE");
        management.MapApiMethod(task, "DELETE", Around(tasks.CancelAsync));
        management.MapApiMethod(taskOfFunction, "DELETE", Around(tasks.CancelOfFunctionAsync));
        management.MapApiPost(task + "/retry", Around(tasks.RetryAsync));
        management.MapApiGet("/api/v1/tasks", Around(tasks.ListAsync));
        management.MapApiGet(tasksOfFunction, Around(tasks.ListOfFunctionAsync));
    }

    private static void MapSchedules(RouteGroupBuilder group, IServiceProvider services)
    {
        const string schedule = "/api/v1/schedules/{id}";
        var schedules = services.GetRequiredService<ScheduleEndpoints>();
        RequestDelegate Around(RequestDelegate handler) => services.GetRequiredService<ApiErrorBoundary>().AroundEndpoint(handler);

        group.MapApi("/api/v1/schedules", ("GET", Around(schedules.ListAsync)), ("POST", Around(schedules.AddAsync))).WithMetadata(SmallBody);
        group.MapApi(schedule, ("GET", Around(schedules.GetAsync)), ("DELETE", Around(schedules.DeleteAsync)));
        group.MapApiPost(schedule + "/pause", Around(schedules.PauseAsync));
        group.MapApiPost(schedule + "/resume", Around(schedules.ResumeAsync));
        group.MapApiPost(schedule + "/run", Around(schedules.RunAsync));
    }

    private static RouteGroupBuilder MapInvocation(RouteGroupBuilder group, IServiceProvider services)
    {
        var limit = new MaxRequestSize(services.GetRequiredService<ServerSettings>().Options.MaxRequestBytes, "MAX_REQUEST_BYTES");
        group.MapApiPost("/api/v1/functions/{project}/{function}/invoke", services.GetRequiredService<InvokeEndpoint>().HandleAsync)
            .WithMetadata(limit);
        group.Map("/fn/{project}/{function}/{**path}", services.GetRequiredService<HttpFunctionEndpoint>().HandleAsync)
            .WithDisplayName("/fn/{project}/{function}/{**path}")
            .WithMetadata(limit);
        return group;
    }
}
