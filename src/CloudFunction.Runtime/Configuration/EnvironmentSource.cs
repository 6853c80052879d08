namespace CloudFunction.Runtime.Configuration;

/// <summary>Settings in the process environment.</summary>
internal sealed class EnvironmentSource(IReadOnlyDictionary<string, string> variables) : ISettingsSource
{
    /// <inheritdoc/>
    public SettingText? Find(string name, string? propertyName = null) => Get(SettingsTable.Prefix + name) ?? Get(name);

    private SettingText? Get(string name) =>
        variables.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value)
            ? new SettingText(name, value.Trim(), "the process environment")
            : null;
}
