using SideBySide.Options;

namespace SideBySide.Projects;

/// <summary>How many projects, and how long the one that is called is under load.</summary>
internal sealed record ProjectsOptions
{
    public const string Usage = """
        dotnet run -c Release --project bench/SideBySide -- projects [options]

          --count 500             copies of the sample project, each a project
          --duration 3            seconds of one round of wrk
          --rounds 5              rounds that count, after one that is discarded
          --connections 32
          --output bench/results  as above
        """;

    public int Count { get; init; } = 500;

    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(3);

    public int Rounds { get; init; } = 5;

    public int Connections { get; init; } = 32;

    public string? Output { get; init; } = "bench/results";

    public static ProjectsOptions Parse(string[] args)
    {
        var options = new ProjectsOptions();
        foreach (var (name, value) in OptionValues.Pair(args, Usage))
        {
            options = name switch
            {
                "--count" when value == "1" => throw new UsageException("--count takes at least 2: one project is what many are compared to."),
                "--count" => options with { Count = OptionValues.Positive(name, value) },
                "--duration" => options with { Duration = TimeSpan.FromSeconds(OptionValues.Positive(name, value)) },
                "--rounds" => options with { Rounds = OptionValues.Positive(name, value) },
                "--connections" => options with { Connections = OptionValues.Positive(name, value) },
                "--output" => options with { Output = value == "none" ? null : value },
                _ => throw new UsageException($"{name} is unknown.\n\n{Usage}"),
            };
        }

        return options;
    }
}
