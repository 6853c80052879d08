namespace CloudFunction.Runtime.Configuration;

/// <summary>Settings in the <c>.env</c> file at the content root.</summary>
internal sealed class DotEnvSource(DotEnvFile file, string path) : ISettingsSource
{
    /// <inheritdoc/>
    public SettingText? Find(string name, string? propertyName = null) => Get(SettingsTable.Prefix + name) ?? Get(name);

    private SettingText? Get(string name) =>
        file.Entries.FirstOrDefault(entry => EnvironmentNames.Comparer.Equals(entry.Name, name)) is { } entry
            && !string.IsNullOrWhiteSpace(entry.Value)
            ? new SettingText(entry.Name, entry.Value.Trim(), $"{path}:{entry.Line}")
            : null;
}
