using System.Net;

namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Addresses that a server can listen on.</summary>
internal sealed class ListenAddress : ISettingValidator<string>
{
    /// <inheritdoc/>
    public string Allowed => "an IP address of this machine, 0.0.0.0 or :: for all, or localhost";

    /// <inheritdoc/>
    public bool IsValid(string value) =>
        value == "localhost"
        // The parser takes "8080" and "10.1" too, for addresses that nobody means.
        || (IPAddress.TryParse(value, out _) && (value.Contains(':', StringComparison.Ordinal) || value.Count(character => character == '.') == 3));
}
