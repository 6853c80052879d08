namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Lists of addresses and ranges of them.</summary>
internal sealed class AddressRanges : ISettingValidator<IReadOnlyList<string>>
{
    /// <inheritdoc/>
    public string Allowed => "*, or IP addresses and CIDR ranges such as 10.0.0.0/8 and fd00::/8, with commas between them";

    /// <inheritdoc/>
    public bool IsValid(IReadOnlyList<string> value) =>
        value is { Count: > 0 } && value.All(item => item == AddressRange.Any || AddressRange.TryParse(item, out _));
}
