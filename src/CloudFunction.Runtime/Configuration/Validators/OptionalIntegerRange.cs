namespace CloudFunction.Runtime.Configuration.Validators;

/// <summary>Whole numbers between two bounds, both allowed, or none.</summary>
internal sealed class OptionalIntegerRange(int minimum, int maximum) : ISettingValidator<int?>
{
    /// <inheritdoc/>
    public string Allowed => $"a whole number from {minimum} to {maximum}";

    /// <inheritdoc/>
    public bool IsValid(int? value) => value is null || (value >= minimum && value <= maximum);
}
