using System.Text.Json;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>What can be asked about projects and done with them.</summary>
internal sealed class ProjectEndpoints(IFunctionRuntime runtime, TimeProvider time)
{
    public Task ListAsync(HttpContext context) => JsonResponse.WriteAsync(context, StatusCodes.Status200OK, runtime.GetProjects(), static (json, projects) =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WriteStartArray("data"u8);
        foreach (var project in projects)
        {
            ProjectJson.WriteSummary(json, project);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });

    public Task GetAsync(HttpContext context)
    {
        if (RouteName.Read(context, "project", out var name) is { } refusal)
        {
            return ApiErrorResponse.WriteAsync(context, refusal);
        }

        return runtime.FindProject(name) is { } project
            ? JsonResponse.WriteAsync(context, StatusCodes.Status200OK, project, static (json, found) =>
            {
                json.WriteStartObject();
                json.WriteString("status"u8, "success"u8);
                json.WritePropertyName("data"u8);
                ProjectJson.WriteDetails(json, found);
                json.WriteEndObject();
            })
            : ApiErrorResponse.WriteAsync(context, ApiError.NoSuchProject(name));
    }

    public Task StartAsync(HttpContext context) => ActAsync(context, runtime.StartProjectAsync, "started", "start_time");

    public Task StopAsync(HttpContext context) => ActAsync(context, runtime.StopProjectAsync, "stopped", "stop_time");

    public Task RestartAsync(HttpContext context) => ActAsync(context, runtime.RestartProjectAsync, "restarted", "start_time");

    private async Task ActAsync(HttpContext context, Func<string, CancellationToken, Task<ProjectOperation?>> act, string done, string timeName)
    {
        if (RouteName.Read(context, "project", out var name) is { } refusal)
        {
            await ApiErrorResponse.WriteAsync(context, refusal).ConfigureAwait(false);
            return;
        }

        if (await act(name, context.RequestAborted).ConfigureAwait(false) is not var (project, error))
        {
            await ApiErrorResponse.WriteAsync(context, ApiError.NoSuchProject(name)).ConfigureAwait(false);
            return;
        }

        if (error is not null || project.Status is ProjectStatus.Failed or ProjectStatus.Unhealthy)
        {
            var cause = error ?? project.LastError ?? "its log has the cause";
            await ApiErrorResponse.WriteAsync(context, new ApiError(
                StatusCodes.Status409Conflict, ApiErrorCode.Conflict, $"The project '{name}' was not {done}, it is {ProjectJson.ToText(project.Status)}: {cause}")
            {
                Field = "project",
                Reason = cause,
            }).ConfigureAwait(false);
            return;
        }

        var message = $"The project '{name}' was {done}.";
        await JsonResponse.WriteAsync(
            context, StatusCodes.Status200OK, (message, project, timeName, Now: time.GetUtcNow()), static (json, state) => WriteDone(json, state.message, state.project, state.timeName, state.Now)).ConfigureAwait(false);
    }

    private static void WriteDone(Utf8JsonWriter json, string message, ProjectInfo project, string timeName, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        json.WriteString("message"u8, message);
        json.WriteStartObject("project"u8);
        json.WriteString("name"u8, project.Name);
        json.WriteString("status"u8, ProjectJson.ToText(project.Status));
        json.WriteString(timeName, UtcTimestamp.ToText(now));
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
