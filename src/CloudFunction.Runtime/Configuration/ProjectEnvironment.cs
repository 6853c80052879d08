namespace CloudFunction.Runtime.Configuration;

/// <summary>The environment of a project's functions: the host's less the host's own, overlaid by the system <c>.env</c>, then by
/// the project's.</summary>
internal static class ProjectEnvironment
{
    // Any case: these are read by .NET's configuration, which is blind to it.
    private static readonly string[] HostPrefixes =
    [
        "ASPNETCORE_", "Kestrel__", "ConnectionStrings__", "CloudFunction__",
        // Become connection strings too (EnvironmentVariablesConfigurationProvider).
        "SQLCONNSTR_", "MYSQLCONNSTR_", "SQLAZURECONNSTR_", "POSTGRESQLCONNSTR_", "CUSTOMCONNSTR_",
    ];

    // Made for this one process: profilers, debuggers and tools attached to the host would else be attached to every worker.
    private static readonly string[] DiagnosticPrefixes =
        ["CORECLR_", "COR_", "DOTNET_EnableDiagnostics", "COMPlus_EnableDiagnostics", "DOTNET_EnableEventPipe", "COMPlus_EnableEventPipe",
            "DOTNET_EventPipe", "COMPlus_EventPipe", "DOTNET_Diagnostic", "COMPlus_Diagnostic", "DOTNET_WATCH", "DOTNET_HOTRELOAD_"];

    private static readonly string[] HostVariables =
        [
            "DOTNET_STARTUP_HOOKS", "DOTNET_MODIFIABLE_ASSEMBLIES", "DOTNET_LAUNCH_PROFILE", "DOTNET_URLS", "NOTIFY_SOCKET", "LISTEN_FDS",
            "LISTEN_PID", "LISTEN_FDNAMES",
        ];

    // settings.md's last two rows: they reach projects, under either name.
    private static readonly string[] ProjectPrefixes =
        ["DEFAULT_LLM_PROVIDER", "ARK_API_KEY", "DOUBAO_API_KEY", "MINIMAX_", "OPENAI_", "LLM_", "DB_"];

    /// <summary>What a worker is started with.</summary>
    /// <param name="hostEnvironment">This process's variables.</param>
    /// <param name="systemEnvFile">Those of the <c>.env</c> at the content root; they win.</param>
    public static IReadOnlyDictionary<string, string> BuildBase(
        IReadOnlyDictionary<string, string> hostEnvironment, IReadOnlyDictionary<string, string> systemEnvFile) =>
        Overlay(hostEnvironment.Where(variable => !IsHostsOwn(variable.Key)), systemEnvFile.Where(variable => !IsHostsOwn(variable.Key)));

    /// <summary>Variables with others laid over them.</summary>
    public static IReadOnlyDictionary<string, string> Overlay(
        IEnumerable<KeyValuePair<string, string>> variables, IEnumerable<KeyValuePair<string, string>> overlay)
    {
        var all = new Dictionary<string, string>(variables, EnvironmentNames.Comparer);
        foreach (var (name, value) in overlay)
        {
            all[name] = value;
        }

        return all;
    }

    /// <summary>A project's own variables, from the <c>.env</c> in its folder; empty where there is none.</summary>
    /// <param name="projectDirectory">The folder.</param>
    /// <param name="environment">What its references are replaced by, as in <see cref="DotEnvFile.Parse"/>.</param>
    /// <param name="name">What messages call the file; null: its path.</param>
    /// <exception cref="DotEnvException">The file is wrong or cannot be read.</exception>
    public static DotEnvFile ReadOverlay(
        string projectDirectory, IReadOnlyDictionary<string, string>? environment = null, string? name = null) =>
        DotEnvFile.Read(Path.Combine(projectDirectory, DotEnvFile.FileName), environment, name);

    /// <summary>Whether an overlay takes effect only in a process that is started with it, so that a standby worker will not do.</summary>
    public static bool NeedsOwnProcess(IReadOnlyDictionary<string, string> overlay) => FindFixedAtStart(overlay) is not null;

    /// <summary>The first name in an overlay that is fixed at process start; null where there is none.</summary>
    public static string? FindFixedAtStart(IReadOnlyDictionary<string, string> overlay) =>
        overlay.Keys.FirstOrDefault(ProcessVariables.IsFixedAtStart);

    private static bool IsHostsOwn(string name)
    {
        // The generic host reads DOTNET_Kestrel__… and the like as Kestrel__….
        var plain = name.StartsWith("DOTNET_", StringComparison.OrdinalIgnoreCase) ? name["DOTNET_".Length..] : name;
        return SettingNames.OfHost.Contains(name)
            || HostVariables.Contains(name, StringComparer.OrdinalIgnoreCase)
            || StartsWithAny(plain, HostPrefixes)
            || StartsWithAny(name, DiagnosticPrefixes)
            || (name.StartsWith(SettingsTable.Prefix, StringComparison.OrdinalIgnoreCase)
                && !StartsWithAny(name[SettingsTable.Prefix.Length..], ProjectPrefixes));
    }

    private static bool StartsWithAny(string name, string[] prefixes) =>
        Array.Exists(prefixes, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
