namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Lists of hosts.</summary>
internal sealed class HostPatterns : ISettingValidator<IReadOnlyList<string>>
{
    private const string AnyBelow = "*.";

    /// <inheritdoc/>
    public string Allowed => "*, or names, *.example.com for all names below one, and IP addresses, without ports and with commas between them";

    /// <inheritdoc/>
    public bool IsValid(IReadOnlyList<string> value) => value is { Count: > 0 } && value.All(IsHost);

    private static bool IsHost(string item) =>
        item == "*"
        || Uri.CheckHostName(item.StartsWith(AnyBelow, StringComparison.Ordinal) ? item[AnyBelow.Length..] : item) switch
        {
            UriHostNameType.Dns => true,
            UriHostNameType.IPv4 or UriHostNameType.IPv6 => !item.StartsWith(AnyBelow, StringComparison.Ordinal),
            _ => false,
        };
}
