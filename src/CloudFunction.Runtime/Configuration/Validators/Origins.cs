namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Lists of web sites, as browsers name them.</summary>
internal sealed class Origins : ISettingValidator<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public string Allowed =>
        "*, or origins such as https://app.example.com (scheme, host and port, with no path and no slash at the end), with commas between them";

    /// <inheritdoc/>
    public bool IsValid(IReadOnlyList<string> value) => value is not null && value.All(static item => item == "*" || IsOrigin(item));

    // RFC 6454, section 6.2: scheme, host and port alone.
    private static bool IsOrigin(string item) =>
        Uri.TryCreate(item, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && url is { UserInfo: "", Host.Length: > 0, PathAndQuery: "/", Fragment: "" }
        && item.IndexOfAny(['/', '?', '#', '@', '*'], url.Scheme.Length + Uri.SchemeDelimiter.Length) < 0;
}
