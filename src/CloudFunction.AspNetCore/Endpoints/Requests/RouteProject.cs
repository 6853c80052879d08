using CloudFunction.AspNetCore.Errors;
using CloudFunction.Runtime.Hosting;
using CloudFunction.Runtime.Projects;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Endpoints.Requests;

/// <summary>Finds the project that a route names.</summary>
internal static class RouteProject
{
    /// <summary>The project as it is now.</summary>
    /// <exception cref="ApiException">The name is not valid, or there is no such project.</exception>
    public static ProjectInfo Require(this IFunctionRuntime runtime, HttpContext context)
    {
        var name = RouteName.Project(context);
        return runtime.FindProject(name) ?? throw new ApiException(ApiError.NoSuchProject(name));
    }
}
