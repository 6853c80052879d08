namespace CloudFunction.Runtime.Configuration;

/// <summary>Reads a setting's text, which is trimmed and not empty.</summary>
/// <returns>Whether it is written as such values are.</returns>
internal delegate bool SettingParser<T>(string text, out T value);
