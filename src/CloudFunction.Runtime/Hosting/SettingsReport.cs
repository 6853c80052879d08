using CloudFunction.Runtime.Configuration;
using Microsoft.Extensions.Logging;

namespace CloudFunction.Runtime.Hosting;

/// <summary>Logs at start which settings are in force, and who set them: one record for each that somebody set, one for all others.</summary>
internal static class SettingsReport
{
    private const string Masked = "***";

    /// <summary>Writes it. A secret is never shown.</summary>
    public static void Write(EffectiveSettings settings, ILogger logger)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        foreach (var setting in SettingsTable.All.Where(setting => settings.IsSet(setting.Name)))
        {
            FunctionRuntimeLog.SettingInForce(
                logger, setting.Name, Show(setting), settings.GetWrittenName(setting.Name), settings.GetSource(setting.Name));
        }

        FunctionRuntimeLog.DefaultsInForce(logger, string.Join(", ", SettingsTable.All
            .Where(setting => !settings.IsSet(setting.Name))
            .Select(setting => Show(setting) is { Length: > 0 } value ? $"{setting.Name}={value}" : $"{setting.Name} none")));

        string Show(Setting setting) =>
            setting.IsSecret && setting.GetValue(settings.Options) is not null ? Masked : setting.GetText(settings.Options);
    }
}
