using CloudFunction.Runtime.Configuration.Validators;
using Microsoft.Extensions.Configuration;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Reads the settings from all their sources.</summary>
internal static class SettingsReader
{
    /// <summary>Applies, later ones winning: defaults, the section <c>CloudFunction</c>, <c>.env</c>, the process environment, code. Values that are
    /// overruled are not read. Nothing is made or written.</summary>
    /// <param name="configuration">The application's configuration.</param>
    /// <param name="environment">The process environment.</param>
    /// <param name="contentRoot">Where <c>.env</c> lies, and what relative directories are relative to.</param>
    /// <param name="configure">The user's code, or null. It gets what the other sources came to.</param>
    /// <exception cref="SettingsException">Something is wrong; all errors are named.</exception>
    public static EffectiveSettings Read(
        IConfiguration configuration,
        IReadOnlyDictionary<string, string> environment,
        string contentRoot,
        Action<CloudFunctionOptions>? configure)
    {
        contentRoot = Path.GetFullPath(contentRoot);
        var envPath = Path.Combine(contentRoot, DotEnvFile.FileName);
        var envFile = DotEnvFile.TryRead(envPath);
        var section = new SectionSource(configuration);
        ISettingsSource[] sources = [new EnvironmentSource(environment), new DotEnvSource(envFile ?? DotEnvFile.Empty, envPath), section];
        if (Interpolates(sources))
        {
            envFile = DotEnvFile.TryRead(envPath, environment);
            sources[1] = new DotEnvSource(envFile ?? DotEnvFile.Empty, envPath);
        }

        var options = new CloudFunctionOptions();
        var origins = new Dictionary<string, SettingText>(StringComparer.Ordinal);
        List<string> errors = [.. envFile?.Errors ?? []];
        var unreadable = ApplyTexts(options, sources, origins);
        if (configure is not null)
        {
            ApplyCode(options, configure, origins, unreadable);
        }

        if (options.EnvInterpolate && !Interpolates(sources))
        {
            // Code has set it, which comes too late for the settings: what projects get of the file goes by it.
            envFile = DotEnvFile.TryRead(envPath, environment);
        }

        errors.AddRange(FindProtectionsNotInForce(sources));
        errors.AddRange(Validate(options, contentRoot, origins, unreadable));
        return errors.Count > 0
            ? throw new SettingsException(errors)
            : new EffectiveSettings(
                options,
                [.. envFile?.Warnings ?? [], .. FindNamesNotInForce(sources), .. TlsFiles.FindUnused(options), .. section.FindUnknown()],
                envFile is null ? null : envPath,
                (envFile ?? DotEnvFile.Empty).Values,
                origins)
            { ContentRoot = contentRoot };
    }

    // The file says itself how it is read, unless the environment does.
    private static bool Interpolates(ISettingsSource[] sources)
    {
        const string Name = "ENV_INTERPOLATE";
        var asked = new CloudFunctionOptions();
        return Find(sources, Name, nameof(CloudFunctionOptions.EnvInterpolate)) is { } text
            && SettingsTable.Get(Name).TryApply(asked, text.Value)
            && asked.EnvInterpolate;
    }

    private static HashSet<string> ApplyTexts(CloudFunctionOptions options, ISettingsSource[] sources, Dictionary<string, SettingText> origins)
    {
        HashSet<string> unreadable = [];
        foreach (var setting in SettingsTable.All)
        {
            if (Find(sources, setting.Name, setting.PropertyName) is not { } text)
            {
                continue;
            }

            origins[setting.Name] = text;
            if (!setting.TryApply(options, text.Value))
            {
                unreadable.Add(setting.Name);
            }
        }

        return unreadable;
    }

    private static void ApplyCode(
        CloudFunctionOptions options, Action<CloudFunctionOptions> configure, Dictionary<string, SettingText> origins, HashSet<string> unreadable)
    {
        var before = SettingsTable.All.ToDictionary(setting => setting, setting => setting.GetText(options));
        configure(options);
        foreach (var (setting, text) in before)
        {
            var now = setting.GetText(options);
            if (now != text)
            {
                origins[setting.Name] = new SettingText(
                    $"{nameof(CloudFunctionOptions)}.{setting.PropertyName}", now.Length == 0 ? "null" : now, "code");
                unreadable.Remove(setting.Name);
            }
        }
    }

    private static List<string> Validate(
        CloudFunctionOptions options, string contentRoot, Dictionary<string, SettingText> origins, HashSet<string> unreadable)
    {
        List<string> errors = [];
        HashSet<string> wrong = [];
        foreach (var setting in SettingsTable.All)
        {
            if (unreadable.Contains(setting.Name) || !setting.IsValid(options))
            {
                wrong.Add(setting.Name);
                errors.Add(EffectiveSettings.Describe(setting, origins.GetValueOrDefault(setting.Name), setting.Allowed));
            }
        }

        // What is wrong between settings is reported along with the rest, as long as the paths can be made absolute.
        IEnumerable<(string Setting, string Allowed)> faults = TlsFiles.Validate(options);
        if (!wrong.Overlaps(SettingsPaths.Names))
        {
            SettingsPaths.Resolve(options, contentRoot);
            faults = SeparateDirectories.Validate(options).Concat(faults);
        }

        errors.AddRange(faults.Select(fault =>
            EffectiveSettings.Describe(SettingsTable.Get(fault.Setting), origins.GetValueOrDefault(fault.Setting), fault.Allowed)));
        return errors;
    }

    private static IEnumerable<string> FindNamesNotInForce(ISettingsSource[] sources)
    {
        foreach (var (name, present) in SettingNames.Earlier)
        {
            if (Find(sources, name) is { } text)
            {
                yield return $"{text.Name} is a name of an earlier system and has no effect: use {present} (set in {text.Source})";
            }
        }

        foreach (var name in SettingNames.Later.Order(StringComparer.Ordinal))
        {
            if (Find(sources, name) is { } text && !SettingNames.Protections.ContainsKey(name))
            {
                yield return $"{text.Name} is set but not in force in this version (set in {text.Source})";
            }
        }
    }

    private static IEnumerable<string> FindProtectionsNotInForce(ISettingsSource[] sources)
    {
        foreach (var (name, harmless) in SettingNames.Protections)
        {
            if (Find(sources, name) is { } text && !harmless.Contains(text.Value, StringComparer.OrdinalIgnoreCase))
            {
                yield return $"{text.Name} asks for a protection that is not in force in this version, and the host does not serve without it: "
                    + $"remove it, and protect the host by other means (set in {text.Source}).";
            }
        }
    }

    private static SettingText? Find(ISettingsSource[] sources, string name, string? propertyName = null) =>
        sources.Select(source => source.Find(name, propertyName)).FirstOrDefault(text => text is not null);
}
