using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Endpoints;

/// <summary>Reads a project's or function's name from the route and checks it before anything else sees it.</summary>
internal static class RouteName
{
    /// <summary>The refusal, or null with the name.</summary>
    public static ApiError? Read(HttpContext context, string field, out string name)
    {
        name = context.GetRouteValue(field) as string ?? "";
        return ProjectName.IsValid(name) ? null : ApiError.InvalidName(field);
    }
}
