using CloudFunction.AspNetCore.Errors;
using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Security;

/// <summary>Who may manage this host: with ADMIN_KEY whoever shows it, and nobody else; without it a direct local caller.</summary>
internal sealed class ManagementAccess(ServerSettings settings)
{
    private const string HowToShowTheKey = "Send ADMIN_KEY as 'Authorization: Bearer <key>' or 'X-API-Key: <key>'.";

    private readonly AdminKey? _key = AdminKey.Of(settings.Options);

    /// <summary>Whether a caller may read internals of projects: what their exceptions, their compiler and their workers wrote.</summary>
    public bool MayReadInternals(HttpContext context) => Check(context) is null;

    /// <summary>Why a caller may not manage this host; null where it may.</summary>
    public ApiError? Check(HttpContext context)
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

    private static ApiError Unauthenticated(string message) => new(StatusCodes.Status401Unauthorized, ApiErrorCode.Authentication, message);
}
