using SideBySide.Options;

namespace SideBySide.Streams;

/// <summary>How many streams, and how long one of them is held up.</summary>
internal sealed record StreamsOptions
{
    public const string Usage = """
        dotnet run -c Release --project bench/SideBySide -- streams [options]

          --rounds 5              rounds of first items that count, after one that is discarded
          --streams 200           streams a round and system, one after the other
          --items 10000           items of the stream whose reader stops
          --item-length 1000      characters of each
          --stop 10               seconds for which it stops
          --output bench/results  as above
        """;

    public int Rounds { get; init; } = 5;

    public int Streams { get; init; } = 200;

    public int Items { get; init; } = 10_000;

    public int ItemLength { get; init; } = 1000;

    public TimeSpan Stop { get; init; } = TimeSpan.FromSeconds(10);

    public string? Output { get; init; } = "bench/results";

    public static StreamsOptions Parse(string[] args)
    {
        var options = new StreamsOptions();
        foreach (var (name, value) in OptionValues.Pair(args, Usage))
        {
            options = name switch
            {
                "--rounds" => options with { Rounds = OptionValues.Positive(name, value) },
                "--streams" => options with { Streams = OptionValues.Positive(name, value) },
                "--items" => options with { Items = OptionValues.Positive(name, value) },
                "--item-length" => options with { ItemLength = OptionValues.Positive(name, value) },
                "--stop" => options with { Stop = TimeSpan.FromSeconds(OptionValues.Positive(name, value)) },
                "--output" => options with { Output = value == "none" ? null : value },
                _ => throw new UsageException($"{name} is unknown.\n\n{Usage}"),
            };
        }

        return options;
    }
}
