using SideBySide.Options;

namespace FirstAnswer;

/// <summary>How often.</summary>
internal sealed record FirstAnswerOptions
{
    public const string Usage = """
        dotnet run -c Release --project bench/FirstAnswer [-- options]

          --rounds 3              rounds, each from nothing: no packages, no templates
          --output bench/results  where the report goes, from the repository's root; "none" writes no file

        Exit code: 0 measured, 1 failed, 2 wrong option, 130 cancelled.
        """;

    public int Rounds { get; init; } = 3;

    /// <summary>From the repository's root; null writes no file.</summary>
    public string? Output { get; init; } = "bench/results";

    public static FirstAnswerOptions Parse(string[] args)
    {
        var options = new FirstAnswerOptions();
        foreach (var (name, value) in OptionValues.Pair(args, Usage))
        {
            options = name switch
            {
                "--rounds" => options with { Rounds = OptionValues.Positive(name, value) },
                "--output" => options with { Output = value == "none" ? null : value },
                _ => throw new UsageException($"{name} is unknown.\n\n{Usage}"),
            };
        }

        return options;
    }
}
