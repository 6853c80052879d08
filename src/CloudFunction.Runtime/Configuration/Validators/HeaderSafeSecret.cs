namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Keys that a client can send in a header; null for none.</summary>
internal sealed class HeaderSafeSecret : ISettingValidator<string?>
{
    /// <inheritdoc/>
    public string Allowed => "up to 1024 printable ASCII characters without spaces";

    /// <inheritdoc/>
    public bool IsValid(string? value) =>
        value is null || (value.Length is > 0 and <= 1024 && value.All(character => character is > ' ' and < '\x7f'));
}
