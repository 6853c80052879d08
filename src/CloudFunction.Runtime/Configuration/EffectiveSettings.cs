namespace CloudFunction.Runtime.Configuration;

/// <summary>What all sources of settings come to.</summary>
internal sealed class EffectiveSettings
{
    private readonly IReadOnlyDictionary<string, SettingText> _origins;

    internal EffectiveSettings(
        CloudFunctionOptions options,
        IReadOnlyList<string> warnings,
        string? envFilePath,
        IReadOnlyDictionary<string, string> systemEnvFile,
        IReadOnlyDictionary<string, SettingText> origins)
    {
        Options = options;
        Warnings = warnings;
        EnvFilePath = envFilePath;
        SystemEnvFile = systemEnvFile;
        _origins = origins;
    }

    /// <summary>The settings in force, all in range, directories absolute.</summary>
    public CloudFunctionOptions Options { get; }

    /// <summary>Where <c>.env</c> lies, and what relative directories are relative to.</summary>
    public required string ContentRoot { get; init; }

    /// <summary>What is to be logged at start; never a value.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>Absolute path of the <c>.env</c> file that was read; null where there is none.</summary>
    public string? EnvFilePath { get; }

    /// <summary>All variables of that file, settings among them.</summary>
    public IReadOnlyDictionary<string, string> SystemEnvFile { get; }

    /// <summary>Whether anybody set the setting with this name, such as <c>PORT</c>, be it to its default. A lambda counts where it
    /// changed the value.</summary>
    public bool IsSet(string name) => _origins.ContainsKey(name);

    /// <summary>The setting's name as somebody wrote it, such as <c>CLOUDFUNCTION_PORT</c>; its own where nobody did.</summary>
    public string GetWrittenName(string name) => _origins.TryGetValue(name, out var origin) ? origin.Name : name;

    /// <summary>Where somebody set it, for people; <c>the defaults</c> where nobody did.</summary>
    public string GetSource(string name) => _origins.TryGetValue(name, out var origin) ? origin.Source : "the defaults";

    /// <summary>The error for a setting whose value will not do.</summary>
    internal static string Describe(Setting setting, SettingText? origin, string allowed)
    {
        var value = setting.IsSecret ? "its value" : $"\"{UrlPasswords.Mask(origin?.Value ?? "")}\"";
        return origin is null && setting.GetText(new CloudFunctionOptions()).Length == 0 ? $"{setting.Name} is not set; allowed is {allowed}."
            : origin is null
            ? $"{setting.Name}: its default is not allowed here; allowed is {allowed}."
            : $"{origin.Name}: {value} is not allowed; allowed is {allowed} (set in {origin.Source}).";
    }
}
