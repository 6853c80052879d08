using SideBySide.Options;
using TaskRates.Systems;

namespace TaskRates;

/// <summary>How much and how often.</summary>
internal sealed record RatesOptions
{
    public const string Usage = """
        dotnet run -c Release --project bench/TaskRates [-- options]

          --rounds 5              rounds that count, after one that is discarded
          --tasks 10000           tasks of one measurement, after a fifth as many to warm up
          --connections 64
          --samples 200           tasks one after the other on an idle system, or as many as there are within 20 seconds
          --systems …             some of cloudfunction, cloudfunction-tuned, hangfire-memory, hangfire-memory-tuned, hangfire-postgres,
                                  hangfire-postgres-tuned; all but the last, or "all": with long polling jobs of that one may wait
                                  for minutes, which fails the run
          --output bench/results  where the report goes, from the repository's root; "none" writes no file

        Exit code: 0 measured, 1 failed, 2 wrong option or no PostgreSQL, 130 cancelled.
        """;

    public int Rounds { get; init; } = 5;

    public int Tasks { get; init; } = 10_000;

    public int Connections { get; init; } = 64;

    public int Samples { get; init; } = 200;

    public IReadOnlyList<string> Systems { get; init; } = SystemNames.Steady;

    /// <summary>From the repository's root; null writes no file.</summary>
    public string? Output { get; init; } = "bench/results";

    public static RatesOptions Parse(string[] args)
    {
        var options = new RatesOptions();
        foreach (var (name, value) in OptionValues.Pair(args, Usage))
        {
            options = name switch
            {
                "--rounds" => options with { Rounds = OptionValues.Positive(name, value) },
                "--tasks" => options with { Tasks = OptionValues.Positive(name, value) },
                "--connections" => options with { Connections = OptionValues.Positive(name, value) },
                "--samples" => options with { Samples = OptionValues.Positive(name, value) },
                "--systems" => options with { Systems = value == "all" ? SystemNames.All : Known(value) },
                "--output" => options with { Output = value == "none" ? null : value },
                _ => throw new UsageException($"{name} is unknown.\n\n{Usage}"),
            };
        }

        return options;
    }

    private static string[] Known(string value)
    {
        var names = value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.FirstOrDefault(name => !SystemNames.All.Contains(name)) is { } unknown
            ? throw new UsageException($"--systems knows {string.Join(", ", SystemNames.All)}; '{unknown}' is none of them.")
            : [.. SystemNames.All.Where(names.Contains)];
    }
}
