using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Bodies;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>What decides on the version of a project that serves.</summary>
internal sealed class DeployEndpoints(IProjectOperations operations)
{
    public async Task DeployAsync(HttpContext context)
    {
        var project = RouteName.Project(context);
        var archive = await ArchiveBody.OpenAsync(context).ConfigureAwait(false);
        var result = archive is null
            ? await operations.DeployAsync(project, context.RequestAborted).ConfigureAwait(false)
            : await operations.UploadAsync(project, archive, context.RequestAborted).ConfigureAwait(false);
        await DeployJson.AnswerAsync(context, $"The project '{project}' serves version {result.Version}.", result).ConfigureAwait(false);
    }

    public async Task RollbackAsync(HttpContext context)
    {
        var project = RouteName.Project(context);
        var version = await RollbackBody.ReadAsync(context).ConfigureAwait(false);
        var result = await operations.RollbackAsync(project, version, context.RequestAborted).ConfigureAwait(false);
        await DeployJson.AnswerAsync(context, $"The project '{project}' serves version {result.Version} again.", result).ConfigureAwait(false);
    }

    public async Task VersionsAsync(HttpContext context)
    {
        var versions = await operations.GetVersionsAsync(RouteName.Project(context), context.RequestAborted).ConfigureAwait(false);
        await AnswerAsync(context, versions).ConfigureAwait(false);
    }

    public async Task SetTrafficAsync(HttpContext context)
    {
        var project = RouteName.Project(context);
        var weights = await TrafficBody.ReadAsync(context).ConfigureAwait(false);
        await AnswerAsync(
            context, await operations.SetTrafficAsync(project, weights, context.RequestAborted).ConfigureAwait(false)).ConfigureAwait(false);
    }

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<VersionInfo> versions) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, versions, static (json, all) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            json.WriteStartArray("versions"u8);
            foreach (var version in all)
            {
                json.WriteStartObject();
                json.WriteNumber("version"u8, version.Version);
                json.WriteString("created_at"u8, UtcTimestamp.ToText(version.CreatedAt));
                json.WriteBoolean("active"u8, version.Active);
                json.WriteNumber("weight"u8, version.Weight);
                ProjectJson.WriteTexts(json, "functions"u8, version.Functions);
                json.WriteString("source"u8, version.Source);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
}
