using CloudFunction.Runtime.Configuration;

namespace CloudFunction.AspNetCore;

/// <summary>The settings as the HTTP server needs them: their values, and which of them somebody set.</summary>
/// <param name="options">All values in force.</param>
/// <param name="isSet">Whether the variable of this name is set in any source, code included.</param>
/// <param name="systemVariables">The names of all variables of the system <c>.env</c>, settings among them, whenever they are enumerated.</param>
internal sealed class ServerSettings(CloudFunctionOptions options, Func<string, bool> isSet, IEnumerable<string> systemVariables)
{
    // Those that only AddCloudFunctionServer applies.
    private static readonly string[] OfTheServer =
    [
        "HOST", "PORT", "SSL_ENABLED", "SSL_KEYFILE", "SSL_CERTFILE", "SSL_CA_CERTS", "PROXY_HEADERS", "FORWARDED_ALLOW_IPS", "TRUSTED_HOSTS",
        "BACKLOG",
        "TIMEOUT_KEEP_ALIVE", "ACCESS_LOG", "MAX_CONNECTIONS", "MAX_HEADER_BYTES", "ALLOWED_ORIGINS",
    ];

    public CloudFunctionOptions Options { get; } = options;

    /// <summary>The names of all variables of the system <c>.env</c>, settings among them, as it is now.</summary>
    public IEnumerable<string> SystemVariables { get; } = systemVariables;

    /// <summary>Whether HOST or PORT is set, by a variable or in code, and so beats ASPNETCORE_URLS. TLS, once asked for, does so too: those URLs may
    /// well be plain HTTP.</summary>
    public bool IsAddressSet => isSet("HOST") || isSet("PORT") || Options.SslEnabled;

    /// <summary>The set ones of those that only <c>AddCloudFunctionServer</c> applies, by the names of the settings' table.</summary>
    public IEnumerable<string> SetServerSettings() => OfTheServer.Where(isSet);
}
