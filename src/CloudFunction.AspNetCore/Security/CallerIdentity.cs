using Microsoft.AspNetCore.Http;

namespace CloudFunction.AspNetCore.Security;

/// <summary>Whether a caller shows who it is: by the admin key, or by calling straight from this machine.</summary>
internal sealed class CallerIdentity(ServerSettings settings)
{
    private readonly AdminKey? _key = AdminKey.Of(settings.Options);

    /// <summary>Whether it does not.</summary>
    public bool IsAnonymous(HttpContext context) =>
        LocalCaller.WhyNot(context) is not null && (_key is null || !AdminKey.Shown(context.Request).Any(_key.Matches));
}
