namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>URLs that paths can be put behind; null for none.</summary>
internal sealed class BaseUrl : ISettingValidator<Uri?>
{
    /// <inheritdoc/>
    public string Allowed => "an absolute http or https URL without user, query and fragment, such as https://functions.example.com";

    /// <inheritdoc/>
    public bool IsValid(Uri? value) =>
        value is null
        || (value is { IsAbsoluteUri: true, UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 }
            && (value.Scheme == Uri.UriSchemeHttp || value.Scheme == Uri.UriSchemeHttps)
            && value.OriginalString.AsSpan().IndexOfAny("?# ") < 0);
}
