using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Security;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Answers;

/// <summary>Decides which of a project's internals leave the host with an error: its id, and its cause for whoever may read internals.</summary>
internal sealed partial class FailureDisclosure(ManagementAccess access, ILogger<FailureDisclosure> logger)
{
    /// <summary>Logs that the error was answered and makes of it what this caller may get.</summary>
    public ApiError For(HttpContext context, ApiError error)
    {
        var (project, function) = (context.GetRouteValue("project") as string, context.GetRouteValue("function") as string);
        LogNotServed(project, function, error.Reason, error.Id, ApiErrorResponse.TraceId(context));
        return error.Cause is null || access.MayReadInternals(context) ? error : error with { Cause = null };
    }
}
