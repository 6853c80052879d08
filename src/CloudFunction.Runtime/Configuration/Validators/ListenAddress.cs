using System.Net;

namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Addresses that a server can listen on, and names of such.</summary>
internal sealed class ListenAddress : ISettingValidator<string>
{
    /// <inheritdoc/>
    public string Allowed => "an IP address of this machine, 0.0.0.0 or :: for all, or a name that resolves to addresses of it, such as localhost";

    /// <inheritdoc/>
    public bool IsValid(string value) =>
        IPAddress.TryParse(value, out _)
            // The parser takes "8080" and "10.1" too, for addresses that nobody means.
            ? value.Contains(':', StringComparison.Ordinal) || value.Count(character => character == '.') == 3
            : value is not null && Uri.CheckHostName(value) == UriHostNameType.Dns;
}
