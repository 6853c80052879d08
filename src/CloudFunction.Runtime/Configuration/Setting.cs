namespace CloudFunction.Runtime.Configuration;

/// <summary>One row of the table of settings: its name, where its value goes, and which values it may have.</summary>
/// <param name="name">As in <c>.env</c>.</param>
/// <param name="propertyName">Of <see cref="CloudFunctionOptions"/>.</param>
internal abstract class Setting(string name, string propertyName)
{
    /// <summary>As in <c>.env</c>.</summary>
    public string Name { get; } = name;

    /// <summary>Of <see cref="CloudFunctionOptions"/>.</summary>
    public string PropertyName { get; } = propertyName;

    /// <summary>Whether no message may hold its value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What is allowed, to follow "allowed is".</summary>
    public abstract string Allowed { get; }

    /// <summary>Sets the property from a text.</summary>
    /// <returns>Whether the text is written as such values are; the range is not checked.</returns>
    public abstract bool TryApply(CloudFunctionOptions options, string text);

    /// <summary>Whether the property's value is in range.</summary>
    public abstract bool IsValid(CloudFunctionOptions options);

    /// <summary>The property's value.</summary>
    public abstract object? GetValue(CloudFunctionOptions options);

    /// <summary>The same as it could be written; empty for none. Of a secret too: see <see cref="IsSecret"/>.</summary>
    public string GetText(CloudFunctionOptions options) => SettingSyntax.ToText(GetValue(options));
}
