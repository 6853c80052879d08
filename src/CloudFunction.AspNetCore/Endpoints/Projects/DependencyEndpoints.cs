using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>What can be asked about packages.</summary>
internal sealed class DependencyEndpoints(IFunctionRuntime runtime, IProjectOperations operations)
{
    /// <summary>Those that every source project gets, and the host's own.</summary>
    public Task GetSystemAsync(HttpContext context) => AnswerAsync(context, operations.GetSystemDependencies());

    public Task GetProjectAsync(HttpContext context) => AnswerAsync(context, runtime.Require(context).Dependencies);

    private static Task AnswerAsync(HttpContext context, IReadOnlyList<string> packages) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, packages, static (json, all) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            ProjectJson.WriteTexts(json, "data"u8, all);
            json.WriteEndObject();
        });
}
