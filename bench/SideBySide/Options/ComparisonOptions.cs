using SideBySide.Systems;

namespace SideBySide.Options;

/// <summary>How long, how often and what to measure. The defaults are what the targets are judged by.</summary>
internal sealed record ComparisonOptions
{
    public const string Usage = """
        dotnet run -c Release --project bench/SideBySide [-- options]

          --duration 3            seconds of one round of wrk
          --rounds 5              rounds that count, after one that is discarded
          --connections 1,8,64,256
          --threads 1             threads of wrk
          --cold-rounds 10        starts of a stopped project, with and without a standby worker, after one that is discarded
          --memory-rounds 3       idle workers whose memory is read, each a new process
          --systems in-process,yarp,yarp-h2,cloudfunction,cloudfunction-invocation-log,cloudfunction-access-log
          --parts load,cold,memory
          --projects DIR          PROJECTS_DIR of the sample host, where it is not the host's own default
          --host-env NAME=VALUE   a setting more for the sample host; may be repeated, and is named in the report
          --output bench/results  where the report goes, from the repository's root; "none" writes no file

        Exit code: 0 measured (whether targets were met is in the report), 1 failed, 2 wrong option or missing tool, 130 cancelled.
        """;

    private static readonly string[] AllParts = ["load", "cold", "memory"];

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    public int Rounds { get; init; } = 5;

    public IReadOnlyList<int> Connections { get; init; } = [1, 8, 64, 256];

    public int Threads { get; init; } = 1;

    public int ColdRounds { get; init; } = 10;

    public int MemoryRounds { get; init; } = 3;

    public IReadOnlyList<string> Systems { get; init; } = SystemNames.All;

    public IReadOnlyList<string> Parts { get; init; } = AllParts;

    public string? ProjectsDirectory { get; init; }

    public IReadOnlyList<string> HostEnvironment { get; init; } = [];

    /// <summary>From the repository's root; null writes no file.</summary>
    public string? Output { get; init; } = "bench/results";

    public bool Measures(string system) => Systems.Contains(system);

    public bool HasPart(string part) => Parts.Contains(part);

    public static ComparisonOptions Parse(string[] args)
    {
        var options = new ComparisonOptions();
        foreach (var (name, value) in OptionValues.Pair(args, Usage))
        {
            options = name switch
            {
                "--duration" => options with { Duration = TimeSpan.FromSeconds(OptionValues.Positive(name, value)) },
                "--rounds" => options with { Rounds = OptionValues.Positive(name, value) },
                "--connections" => options with { Connections = [.. Split(value).Select(part => OptionValues.Positive("--connections", part))] },
                "--threads" => options with { Threads = OptionValues.Positive(name, value) },
                "--cold-rounds" => options with { ColdRounds = OptionValues.Positive(name, value) },
                "--memory-rounds" => options with { MemoryRounds = OptionValues.Positive(name, value) },
                "--systems" => options with { Systems = Known(name, value, SystemNames.All) },
                "--parts" => options with { Parts = Known(name, value, AllParts) },
                "--projects" => options with { ProjectsDirectory = Path.GetFullPath(value) },
                "--host-env" when value.IndexOf('=', StringComparison.Ordinal) > 0 =>
                    options with { HostEnvironment = [.. options.HostEnvironment, value] },
                "--host-env" => throw new UsageException($"--host-env takes NAME=VALUE, not '{value}'."),
                "--output" => options with { Output = value == "none" ? null : value },
                _ => throw new UsageException($"{name} is unknown.\n\n{Usage}"),
            };
        }

        return options.Connections.Any(count => count < options.Threads)
            ? throw new UsageException("--threads must not exceed the smallest of --connections: wrk gives every thread a connection.")
            : options;
    }

    private static string[] Known(string name, string value, IReadOnlyCollection<string> known)
    {
        var parts = Split(value);
        return parts.FirstOrDefault(part => !known.Contains(part)) is { } unknown
            ? throw new UsageException($"{name} knows {string.Join(", ", known)}; '{unknown}' is none of them.")
            : [.. known.Where(parts.Contains)];
    }

    private static string[] Split(string value) =>
        value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
