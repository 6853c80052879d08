using CloudFunction.AspNetCore.Endpoints;
using CloudFunction.AspNetCore.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudFunction.AspNetCore.Security;

/// <summary>
/// Stands before every management route: they can run code. With ADMIN_KEY that key opens, and nothing else does; without it only a direct
/// local caller is let through.
/// </summary>
internal sealed partial class ManagementGuard
{
    private const string HowToShowTheKey = "Send ADMIN_KEY as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.";

    private readonly ILogger<ManagementGuard> _logger;
    private readonly AdminKey? _key;

    public ManagementGuard(ServerSettings settings, ILogger<ManagementGuard> logger)
    {
        _logger = logger;
        _key = string.IsNullOrEmpty(settings.Options.AdminKey) ? null : new AdminKey(settings.Options.AdminKey);
    }

    /// <summary>Puts the guard before every endpoint of a group, those mapped later included.</summary>
    /// <remarks>As a final convention, so that it stands outside whatever other conventions made of the handler.</remarks>
    public void Protect(IEndpointConventionBuilder group) => group.Finally(endpoint =>
    {
        var handler = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} has no handler to guard.");
        endpoint.Metadata.Add(ManagementRoute.Instance);
        endpoint.RequestDelegate = context => Check(context) is { } refusal ? RefuseAsync(context, refusal) : handler(context);
    });

    private ApiError? Check(HttpContext context)
    {
        if (AdminKey.IsInQuery(context.Request))
        {
            return Unauthenticated("A key in the query string is refused: it would be kept in histories and logs. " + HowToShowTheKey);
        }

        var shown = AdminKey.Shown(context.Request);
        if (_key is not null)
        {
            return shown.Count == 0 ? Unauthenticated("This route needs the admin key. " + HowToShowTheKey)
                : shown.Any(_key.Matches) ? null
                : Unauthenticated("The key shown is not the admin key. " + HowToShowTheKey);
        }

        if (LocalCaller.WhyNot(context) is not { } reason)
        {
            return null;
        }

        var message = $"No ADMIN_KEY is configured, so this route answers only to a direct local caller, and {reason}. "
            + "Set ADMIN_KEY in the host's .env and send it, or call http://localhost on the host itself.";
        return shown.Count == 0
            ? Unauthenticated(message)
            : new ApiError(StatusCodes.Status403Forbidden, ApiErrorCode.Authorization, message);
    }

    private Task RefuseAsync(HttpContext context, ApiError refusal)
    {
        LogRefused(context.GetEndpoint()?.DisplayName, refusal.Status, refusal.Message);
        if (refusal.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return ApiErrorResponse.WriteAsync(context, refusal);
    }

    private static ApiError Unauthenticated(string message) => new(StatusCodes.Status401Unauthorized, ApiErrorCode.Authentication, message);
}
