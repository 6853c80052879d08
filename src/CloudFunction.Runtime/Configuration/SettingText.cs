namespace CloudFunction.Runtime.Configuration;

/// <summary>A setting's value as somebody wrote it.</summary>
/// <param name="Name">The name as written, such as <c>CLOUDFUNCTION_PORT</c> or <c>CloudFunction:MaxConcurrent</c>.</param>
/// <param name="Value">The value, trimmed, not empty.</param>
/// <param name="Source">Where, for people.</param>
internal sealed record SettingText(string Name, string Value, string Source);
