namespace CloudFunction.Runtime.Configuration;

/// <summary>A setting whose property has the type <typeparamref name="T"/>.</summary>
/// <param name="name">As in <c>.env</c>.</param>
/// <param name="propertyName">Of <see cref="CloudFunctionOptions"/>.</param>
/// <param name="get">Reads the property.</param>
/// <param name="set">Writes it.</param>
/// <param name="parser">How values are written.</param>
/// <param name="validator">Which of them are allowed.</param>
internal sealed class Setting<T>(
    string name,
    string propertyName,
    Func<CloudFunctionOptions, T> get,
    Action<CloudFunctionOptions, T> set,
    SettingParser<T> parser,
    ISettingValidator<T> validator) : Setting(name, propertyName)
{
    /// <inheritdoc/>
    public override string Allowed => validator.Allowed;

    /// <inheritdoc/>
    public override bool TryApply(CloudFunctionOptions options, string text)
    {
        if (!parser(text, out var value))
        {
            return false;
        }

        set(options, value);
        return true;
    }

    /// <inheritdoc/>
    public override bool IsValid(CloudFunctionOptions options) => validator.IsValid(get(options));

    /// <inheritdoc/>
    public override object? GetValue(CloudFunctionOptions options) => get(options);
}
