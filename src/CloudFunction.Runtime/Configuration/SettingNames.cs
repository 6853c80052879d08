using System.Collections.Frozen;

namespace CloudFunction.Runtime.Configuration;

/// <summary>Names of settings that are not in force.</summary>
internal static class SettingNames
{
    /// <summary>Settings of later versions: the host's own, and so hidden from projects, but not in force yet.</summary>
    public static FrozenSet<string> Later { get; } = FrozenSet.Create(
        EnvironmentNames.Comparer,
        "WORKER_MEMORY_LIMIT", "WORKER_MAX_INVOCATIONS", "API_KEYS", "RATE_LIMIT");

    /// <summary>Those of them that protect the server, with the values that ask for no protection: a host that is set to use one must not
    /// serve without it.</summary>
    public static IReadOnlyDictionary<string, string[]> Protections { get; } = new Dictionary<string, string[]>(EnvironmentNames.Comparer)
    {
        ["API_KEYS"] = [],
        ["RATE_LIMIT"] = ["none"],
    };

    /// <summary>Names that an earlier system gave, with what does their work now.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Earlier { get; } =
    [
        new("API_HOST", "HOST"),
        new("API_PORT", "PORT"),
        new("MAX_WORKERS", "WORKERS"),
        new("WORKER_TIMEOUT", "FUNCTION_TIMEOUT"),
        new("LOG_FORMAT", "the formatters in the file that LOG_CFG names"),
        new("SECRET_KEY", "ADMIN_KEY"),
    ];

    /// <summary>Every name that is the host's own.</summary>
    public static FrozenSet<string> OfHost { get; } =
        SettingsTable.All.Select(setting => setting.Name).Concat(Later).Append("SECRET_KEY").ToFrozenSet(EnvironmentNames.Comparer);
}
