using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>What can be asked about projects and done with them as they are.</summary>
internal sealed class ProjectEndpoints(IFunctionRuntime runtime, IProjectOperations operations, TimeProvider time)
{
    public Task ListAsync(HttpContext context) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, runtime.GetProjects(), static (json, projects) =>
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

    public Task GetAsync(HttpContext context) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, runtime.Require(context), static (json, project) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WritePropertyName("data"u8);
            ProjectJson.WriteDetails(json, project);
            json.WriteEndObject();
        });

    public Task StartAsync(HttpContext context) => ActAsync(context, operations.StartAsync, "started", "start_time");

    public Task StopAsync(HttpContext context) => ActAsync(context, operations.StopAsync, "stopped", "stop_time");

    public Task RestartAsync(HttpContext context) => ActAsync(context, operations.RestartAsync, "restarted", "start_time");

    public async Task DeleteAsync(HttpContext context)
    {
        var name = RouteName.Project(context);
        await operations.DeleteAsync(name, context.RequestAborted).ConfigureAwait(false);
        await JsonResponse.WriteAsync(context, StatusCodes.Status200OK, $"The project '{name}' was deleted.", static (json, message) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WriteString("message"u8, message);
            json.WriteEndObject();
        }).ConfigureAwait(false);
    }

    private async Task ActAsync(HttpContext context, Func<string, CancellationToken, Task<ProjectInfo>> act, string done, string timeName)
    {
        var name = RouteName.Project(context);
        var project = await act(name, context.RequestAborted).ConfigureAwait(false);
        var message = $"The project '{name}' was {done}.";
        await JsonResponse.WriteAsync(
            context, StatusCodes.Status200OK, (message, project, timeName, Now: time.GetUtcNow()),
            static (json, state) => WriteDone(json, state.message, state.project, state.timeName, state.Now)).ConfigureAwait(false);
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
