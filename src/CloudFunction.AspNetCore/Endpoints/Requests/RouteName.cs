using CloudFunction.AspNetCore.Errors;
using CloudFunction.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>Reads a project's or function's name from the route and checks it before anything else gets it.</summary>
internal static class RouteName
{
    /// <summary>The project's name.</summary>
    /// <exception cref="ApiException">It is no valid name.</exception>
    public static string Project(HttpContext context) => Read(context, "project");

    /// <summary>The names of a project and of one of its functions.</summary>
    /// <exception cref="ApiException">One of them is no valid name.</exception>
    public static (string Project, string Function) Function(HttpContext context) => (Project(context), Read(context, "function"));

    private static string Read(HttpContext context, string field)
    {
        var name = context.GetRouteValue(field) as string ?? "";
        return NameRule.IsValid(name) ? name : throw new ApiException(ApiError.InvalidName(field));
    }
}
