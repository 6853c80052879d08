using System.Text.Json;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>What can be asked about functions.</summary>
internal sealed class FunctionEndpoints(IFunctionRuntime runtime)
{
    public Task ListAsync(HttpContext context)
    {
        if (RouteName.Read(context, "project", out var name) is { } refusal)
        {
            return ApiErrorResponse.WriteAsync(context, refusal);
        }

        return runtime.FindProject(name) is { } project
            ? JsonResponse.WriteAsync(context, StatusCodes.Status200OK, project.Functions, static (json, functions) =>
            {
                json.WriteStartObject();
                json.WriteString("status"u8, "success"u8);
                FunctionJson.WriteSummaries(json, functions);
                json.WriteEndObject();
            })
            : ApiErrorResponse.WriteAsync(context, ApiError.NoSuchProject(name));
    }

    public Task GetAsync(HttpContext context)
    {
        string function = "";
        var refusal = RouteName.Read(context, "project", out var name) ?? RouteName.Read(context, "function", out function);
        if (refusal is not null)
        {
            return ApiErrorResponse.WriteAsync(context, refusal);
        }

        if (runtime.FindProject(name) is not { } project)
        {
            return ApiErrorResponse.WriteAsync(context, ApiError.NoSuchProject(name));
        }

        return project.Functions.FirstOrDefault(each => each.Name == function) is { } found
            ? JsonResponse.WriteAsync(context, StatusCodes.Status200OK, found, Write)
            : ApiErrorResponse.WriteAsync(context, ApiError.NoSuchFunction(name, function));
    }

    private static void Write(Utf8JsonWriter json, FunctionInfo function)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        FunctionJson.WriteDetails(json, function);
        json.WriteEndObject();
    }
}
