using SideBySide.Options;

namespace SideBySide.Deploys;

/// <summary>How many deploys, and how many callers meanwhile.</summary>
internal sealed record DeploysOptions
{
    public const string Usage = """
        dotnet run -c Release --project bench/SideBySide -- deploys [options]

          --count 50              deploys, one after the other, of two versions in turn
          --broken 20             how many of them are broken, spread among the others
          --every 2               seconds from the beginning of one deploy to that of the next; 0: one right after the other
          --quiet 10              seconds of calls before the first deploy, to compare with
          --connections 32
          --output bench/results  as above
        """;

    public int Count { get; init; } = 50;

    public int Broken { get; init; } = 20;

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(2);

    public TimeSpan Quiet { get; init; } = TimeSpan.FromSeconds(10);

    public int Connections { get; init; } = 32;

    public string? Output { get; init; } = "bench/results";

    public static DeploysOptions Parse(string[] args)
    {
        var options = new DeploysOptions();
        foreach (var (name, value) in OptionValues.Pair(args, Usage))
        {
            options = name switch
            {
                "--count" => options with { Count = OptionValues.Positive(name, value) },
                "--broken" => options with { Broken = value == "0" ? 0 : OptionValues.Positive(name, value) },
                "--every" => options with { Every = value == "0" ? TimeSpan.Zero : TimeSpan.FromSeconds(OptionValues.Positive(name, value)) },
                "--quiet" => options with { Quiet = TimeSpan.FromSeconds(OptionValues.Positive(name, value)) },
                "--connections" => options with { Connections = OptionValues.Positive(name, value) },
                "--output" => options with { Output = value == "none" ? null : value },
                _ => throw new UsageException($"{name} is unknown.\n\n{Usage}"),
            };
        }

        return options.Broken < options.Count
            ? options
            : throw new UsageException("--broken must be less than --count: some deploy has to change what serves.");
    }
}
