namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Paths of directories, absolute or below the content root.</summary>
internal sealed class DirectoryPath : ISettingValidator<string>
{
    /// <inheritdoc/>
    public string Allowed => "the path of a directory, absolute or below the content root";

    /// <inheritdoc/>
    public bool IsValid(string value) => !string.IsNullOrWhiteSpace(value) && value.AsSpan().IndexOfAny(Path.GetInvalidPathChars()) < 0;
}
