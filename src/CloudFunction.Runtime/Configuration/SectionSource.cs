using Microsoft.Extensions.Configuration;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Settings in the section <c>CloudFunction</c> of the application's configuration, by their names or those of their properties.</summary>
internal sealed class SectionSource(IConfiguration configuration) : ISettingsSource
{
    private const string SectionName = "CloudFunction";

    private readonly IConfigurationSection _section = configuration.GetSection(SectionName);

    /// <summary>Keys that no setting has.</summary>
    public IEnumerable<string> FindUnknown() =>
        _section.GetChildren()
            .Where(child => !IsKnown(child.Key))
            .Select(child => $"{child.Path} is not a setting and is ignored");

    /// <inheritdoc/>
    public SettingText? Find(string name, string? propertyName = null) =>
        Get(name) ?? (propertyName is null ? null : Get(propertyName));

    private SettingText? Get(string key) =>
        _section[key] is { } value && !string.IsNullOrWhiteSpace(value)
            ? new SettingText($"{SectionName}:{key}", value.Trim(), "the application's configuration")
            : null;

    private static bool IsKnown(string key) =>
        SettingNames.Later.Contains(key.ToUpperInvariant())
        || SettingNames.Earlier.Any(earlier => earlier.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
        || SettingsTable.All.Any(setting =>
            setting.Name.Equals(key, StringComparison.OrdinalIgnoreCase) || setting.PropertyName.Equals(key, StringComparison.OrdinalIgnoreCase));
}
