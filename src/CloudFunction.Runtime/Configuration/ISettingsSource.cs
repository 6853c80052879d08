namespace CloudFunction.Runtime.Configuration;

/// <summary>One of the places where settings are set.</summary>
internal interface ISettingsSource
{
    /// <summary>The value of a setting in this place; null where it has none, or nothing but white space.</summary>
    /// <param name="name">The setting's name.</param>
    /// <param name="propertyName">The name of its property, where it has one.</param>
    SettingText? Find(string name, string? propertyName = null);
}
