using CloudFunction.Runtime.Configuration;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>The settings as the HTTP server needs them: their values, and which of them somebody set.</summary>
/// <param name="options">All values in force.</param>
/// <param name="isSet">Whether the variable of this name is set in any source, code included.</param>
internal sealed class ServerSettings(CloudFunctionOptions options, Func<string, bool> isSet)
{
    // Those that only AddCloudFunctionServer applies.
    private static readonly string[] OfTheServer =
    [
        "HOST", "PORT", "SSL_ENABLED", "SSL_KEYFILE", "SSL_CERTFILE", "SSL_CA_CERTS", "PROXY_HEADERS", "FORWARDED_ALLOW_IPS", "TRUSTED_HOSTS", "BACKLOG",
        "TIMEOUT_KEEP_ALIVE", "ACCESS_LOG", "ALLOWED_ORIGINS",
    ];

    public CloudFunctionOptions Options { get; } = options;

    /// <summary>Whether HOST or PORT is set, by a variable or in code, and so beats ASPNETCORE_URLS.</summary>
    public bool IsAddressSet => isSet("HOST") || isSet("PORT");

    /// <summary>The set ones of those that only <c>AddCloudFunctionServer</c> applies, by the names of the settings' table.</summary>
    public IEnumerable<string> SetServerSettings() => OfTheServer.Where(isSet);
}
