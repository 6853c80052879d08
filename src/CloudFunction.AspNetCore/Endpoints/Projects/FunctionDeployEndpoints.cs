using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>What adds a single function to a project, and takes one out.</summary>
internal sealed class FunctionDeployEndpoints(IProjectOperations operations, TimeProvider time)
{
    public async Task DeployAsync(HttpContext context)
    {
        var project = RouteName.Project(context);
        var upload = await FunctionForm.ReadAsync(context).ConfigureAwait(false);
        var result = await operations.DeployFunctionAsync(project, upload, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, project, upload.Name, result).ConfigureAwait(false);
    }

    public async Task RedeployAsync(HttpContext context)
    {
        var (project, function) = RouteName.Function(context);
        var result = await operations.RedeployFunctionAsync(project, function, context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, project, function, result).ConfigureAwait(false);
    }

    public async Task DeleteAsync(HttpContext context)
    {
        var (project, function) = RouteName.Function(context);
        var result = await operations.DeleteFunctionAsync(project, function, context.RequestAborted).ConfigureAwait(false);
        await (result is null
            ? AnswerDisabledAsync(context, project, function)
            : DeployJson.AnswerAsync(
                context,
                $"The function '{function}' was removed from the project '{project}', which serves version {result.Version}.",
                result)).ConfigureAwait(false);
    }

    private Task AnswerAsync(HttpContext context, string project, string function, DeployResult result)
    {
        var now = time.GetUtcNow();
        return DeployJson.AnswerAsync(
            context, $"The function '{function}' of the project '{project}' serves, in version {result.Version}.", result, (json, deployed) =>
            {
                WriteHead(json, project, function, deployed.Project.Functions.Any(each => each.Name == function && each.Disabled));
                json.WriteString("deployed_at"u8, UtcTimestamp.ToText(now));
                json.WriteEndObject();
            });
    }

    private static Task AnswerDisabledAsync(HttpContext context, string project, string function) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, (project, function), static (json, state) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WriteString(
                "message"u8,
                $"The function '{state.function}' of the project '{state.project}' was disabled: it has no file of its own. Its own deploy "
                + "route enables it.");
            WriteHead(json, state.project, state.function, isDisabled: true);
            json.WriteEndObject();
            json.WriteEndObject();
        });

    private static void WriteHead(Utf8JsonWriter json, string project, string function, bool isDisabled)
    {
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, function);
        json.WriteString("project"u8, project);
        json.WriteString("status"u8, FunctionJson.ToText(isDisabled));
    }
}
