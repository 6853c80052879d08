namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Paths of files, absolute or below the content root; null for none.</summary>
internal sealed class FilePath : ISettingValidator<string?>
{
    /// <inheritdoc/>
    public string Allowed => "the path of a file, absolute or below the content root";

    /// <inheritdoc/>
    public bool IsValid(string? value) =>
        value is null || (!string.IsNullOrWhiteSpace(value) && value.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) < 0);
}
