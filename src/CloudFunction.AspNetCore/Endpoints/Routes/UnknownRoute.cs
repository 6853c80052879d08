using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CloudFunction.AspNetCore.Endpoints.Routes;

/// <summary>What lies below <c>/api/v1/projects/</c> or <c>/api/v1/functions/</c> and is no route: an empty name among others, which
/// routing itself would not take for a name at all.</summary>
internal static class UnknownRoute
{
    public static Task AnswerAsync(HttpContext context)
    {
        var rest = context.GetRouteValue("rest") as string ?? "";
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var project = slash < 0 ? rest : rest[..slash];
        var error = !NameRule.IsValid(project) ? ApiError.InvalidName("project")
            : rest.AsSpan(slash + 1).StartsWith("/") && slash >= 0 ? ApiError.InvalidName("function")
            : ApiError.NoSuchRoute(context.Request.Method, context.Request.Path);
        return ApiErrorResponse.WriteAsync(context, error);
    }
}
