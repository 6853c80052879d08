using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>Decides what of a project's inside leaves the host with an error: its id, and for who may see the inside its cause.</summary>
internal sealed partial class FailureDisclosure(ManagementAccess access, ILogger<FailureDisclosure> logger)
{
    /// <summary>Logs that the error was answered and makes of it what this caller may get.</summary>
    public ApiError For(HttpContext context, ApiError error)
    {
        var (project, function) = (context.GetRouteValue("project") as string, context.GetRouteValue("function") as string);
        LogNotServed(project, function, error.Reason, error.Id, ApiErrorResponse.TraceId(context));
        return error.Cause is null || access.MaySeeInside(context) ? error : error with { Cause = null };
    }
}
