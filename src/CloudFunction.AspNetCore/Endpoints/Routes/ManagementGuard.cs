using CloudFunction.AspNetCore.Endpoints.Answers;
using CloudFunction.AspNetCore.Errors;
using CloudFunction.AspNetCore.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Endpoints.Routes;

/// <summary>Stands before every management route: they can run code. Who is let through is <see cref="ManagementAccess"/>'s to decide.</summary>
internal sealed partial class ManagementGuard(ManagementAccess access, ILogger<ManagementGuard> logger)
{
    /// <summary>Puts the guard before every endpoint of a group, those mapped later included.</summary>
    /// <remarks>As a final convention, so that it stands outside whatever other conventions made of the handler.</remarks>
    public void Protect(IEndpointConventionBuilder group) => group.Finally(endpoint =>
    {
        var handler = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} has no handler to guard.");
        endpoint.Metadata.Add(ManagementRoute.Instance);
        endpoint.RequestDelegate = context => access.Check(context) is { } refusal ? RefuseAsync(context, refusal) : handler(context);
    });

    private Task RefuseAsync(HttpContext context, ApiError refusal)
    {
        LogRefused(context.GetEndpoint()?.DisplayName, refusal.Status, refusal.Message);
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return ApiErrorResponse.WriteAsync(context, refusal);
    }
}
