namespace TaskRates.Systems;

internal static class SystemNames
{
    public const string CloudFunction = "cloudfunction";
    public const string Tuned = "-tuned";
    public const string HangfireMemory = "hangfire-memory";
    public const string HangfirePostgres = "hangfire-postgres";

    /// <summary>Each as it comes, and tuned for as many at once as there are callers.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        CloudFunction, CloudFunction + Tuned, HangfireMemory, HangfireMemory + Tuned, HangfirePostgres, HangfirePostgres + Tuned,
    ];

    /// <summary>Those that come to an end in every round.</summary>
    public static readonly IReadOnlyList<string> Steady = [.. All.SkipLast(1)];

    public static bool IsTuned(string name) => name.EndsWith(Tuned, StringComparison.Ordinal);

    /// <summary>What a system is compared with: as it comes with as it comes, tuned with tuned.</summary>
    public static string BaseOf(string name) => IsTuned(name) ? CloudFunction + Tuned : CloudFunction;
}
