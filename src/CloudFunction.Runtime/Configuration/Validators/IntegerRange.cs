namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Whole numbers between two bounds, both allowed.</summary>
internal sealed class IntegerRange(int minimum, int maximum) : ISettingValidator<int>
{
    /// <inheritdoc/>
    public string Allowed => $"a whole number from {minimum} to {maximum}";

    /// <inheritdoc/>
    public bool IsValid(int value) => value >= minimum && value <= maximum;
}
