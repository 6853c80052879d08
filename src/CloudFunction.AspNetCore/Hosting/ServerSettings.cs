using CloudFunction.Runtime.Configuration;

namespace CloudFunction.AspNetCore.Hosting;

/// <summary>The settings as the HTTP server needs them: their values, and which of them somebody set.</summary>
/// <param name="options">All values in force.</param>
/// <param name="isSet">Whether the variable of this name is set in any source.</param>
internal sealed class ServerSettings(CloudFunctionOptions options, Func<string, bool> isSet)
{
    private static readonly CloudFunctionOptions Defaults = new();

    public CloudFunctionOptions Options { get; } = options;

    /// <summary>Whether HOST or PORT is set, by a variable or in code, and so beats ASPNETCORE_URLS.</summary>
    public bool IsAddressSet => HostIsSet || PortIsSet;

    /// <summary>The set ones of those that only <c>AddCloudFunctionServer</c> applies, by the names of the settings' table.</summary>
    public IEnumerable<string> SetServerSettings()
    {
        if (HostIsSet)
        {
            yield return "HOST";
        }

        if (PortIsSet)
        {
            yield return "PORT";
        }

        if (isSet("BACKLOG") || Options.Backlog != Defaults.Backlog)
        {
            yield return "BACKLOG";
        }

        if (isSet("TIMEOUT_KEEP_ALIVE") || Options.KeepAliveTimeout != Defaults.KeepAliveTimeout)
        {
            yield return "TIMEOUT_KEEP_ALIVE";
        }
    }

    private bool HostIsSet => isSet("HOST") || Options.Host != Defaults.Host;

    private bool PortIsSet => isSet("PORT") || Options.Port != Defaults.Port;
}
