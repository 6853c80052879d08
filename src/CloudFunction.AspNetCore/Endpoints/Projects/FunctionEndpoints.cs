using System.Text.Json;
using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Endpoints.Requests;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Projects;

/// <summary>What can be asked about functions.</summary>
internal sealed class FunctionEndpoints(IFunctionRuntime runtime)
{
    public Task ListAsync(HttpContext context) =>
        JsonResponse.WriteAsync(context, StatusCodes.Status200OK, runtime.Require(context).Functions, static (json, functions) =>
        {
            json.WriteStartObject();
            json.WriteString("status"u8, "success"u8);
            FunctionJson.WriteSummaries(json, functions);
            json.WriteEndObject();
        });

    public Task GetAsync(HttpContext context)
    {
        var (project, name) = RouteName.Function(context);
        var function = runtime.Require(context).Functions.FirstOrDefault(each => each.Name == name)
            ?? throw new ApiException(ApiError.NoSuchFunction(project, name));
        return JsonResponse.WriteAsync(context, StatusCodes.Status200OK, function, Write);
    }

    private static void Write(Utf8JsonWriter json, FunctionInfo function)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "success"u8);
        FunctionJson.WriteDetails(json, function);
        json.WriteEndObject();
    }
}
