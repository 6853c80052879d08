namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Sizes between two bounds, both allowed.</summary>
internal sealed class SizeRange(long minimumBytes, long maximumBytes) : ISettingValidator<long>
{
    /// <inheritdoc/>
    public string Allowed =>
        $"a size from {SettingSyntax.Format(minimumBytes)} to {SettingSyntax.Format(maximumBytes)}: a number of bytes, or one with KB, MB or GB";

    /// <inheritdoc/>
    public bool IsValid(long value) => value >= minimumBytes && value <= maximumBytes;
}
