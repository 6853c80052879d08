using System.Collections;

namespace SideBySide.Processes;

/// <summary>
/// What a child inherits: enough to start, and nothing that tunes a runtime or configures a server, so that two people who measure
/// one commit measure the same thing.
/// </summary>
internal static class ChildEnvironment
{
    private static readonly HashSet<string> Inherited = new(StringComparer.OrdinalIgnoreCase)
    {
        "PATH", "HOME", "USER", "LOGNAME", "TMPDIR", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH",
        "SystemRoot", "SystemDrive", "windir", "ComSpec", "PATHEXT", "TEMP", "TMP", "USERNAME", "USERPROFILE", "APPDATA", "LOCALAPPDATA",
        "ProgramData", "ProgramFiles",
        "DOTNET_ROOT", "DOTNET_CLI_HOME", "NUGET_PACKAGES",
        // Without ICU installed nothing starts unless this is set.
        "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT",
    };

    public static void Apply(IDictionary<string, string?> target, IReadOnlyDictionary<string, string>? settings)
    {
        target.Clear();
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            if (Inherited.Contains((string)variable.Key))
            {
                target[(string)variable.Key] = (string?)variable.Value;
            }
        }

        target["ASPNETCORE_ENVIRONMENT"] = target["DOTNET_ENVIRONMENT"] = "Production";
        target["DOTNET_CLI_TELEMETRY_OPTOUT"] = target["DOTNET_NOLOGO"] = "1";
        foreach (var (name, value) in settings ?? new Dictionary<string, string>())
        {
            target[name] = value;
        }
    }
}
