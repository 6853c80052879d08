namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>What is on or off; neither is wrong.</summary>
internal sealed class EitherWay : ISettingValidator<bool>
{
    /// <inheritdoc/>
    public string Allowed => "true, false, 1, 0, yes or no";

    /// <inheritdoc/>
    public bool IsValid(bool value) => true;
}
