using Microsoft.AspNetCore.Cors.Infrastructure;

namespace CloudFunction.AspNetCore.Pipeline;

/// <summary>What ALLOWED_ORIGINS means to browsers.</summary>
internal static class AllowedOrigins
{
    // A page that calls often need not ask before each call; long enough for that, short enough for a changed setting.
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromMinutes(10);

    /// <summary>The policy; null where no other site may call. A policy opens no route: keys and the management guard stand behind it.</summary>
    public static CorsPolicy? MakePolicy(IReadOnlyList<string> origins)
    {
        if (origins.Count == 0)
        {
            return null;
        }

        var policy = new CorsPolicyBuilder()
            .AllowAnyMethod()
            .AllowAnyHeader()
            .SetPreflightMaxAge(PreflightMaxAge)
            .WithExposedHeaders("Location", "Retry-After");
        return origins.Contains("*")
            ? policy.AllowAnyOrigin().Build()
            : policy.WithOrigins([.. origins.Select(Normalize)]).AllowCredentials().Build();
    }

    // As browsers write it: lower case, names of other scripts in ASCII, and no port that is the scheme's own.
    private static string Normalize(string origin)
    {
        var url = new Uri(origin);
        return url.HostNameType == UriHostNameType.Dns
            ? url.GetLeftPart(UriPartial.Authority).Replace(url.Host, url.IdnHost, StringComparison.Ordinal)
            : url.GetLeftPart(UriPartial.Authority);
    }
}
