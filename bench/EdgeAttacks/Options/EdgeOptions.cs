using EdgeAttacks.Attacks;
using SideBySide.Options;

namespace EdgeAttacks.Options;

/// <summary>Which hosts, which attacks, how large.</summary>
internal sealed record EdgeOptions
{
    public static string Usage { get; } = $"""
        dotnet run -c Release --project bench/EdgeAttacks [-- options]

          --before folder         a host of an older build, published; measured in turn with the newer one. None by default
          --after folder          the newer one; what is built in the tree by default
          --attacks …             some of {Ids};
                                  all by default
          --factors 1,2,4         how many times the size that each attack has
          --output bench/results  where the report goes, from the repository's root; "none" writes no file

        Exit code: 0 measured (a host that ended is in the report, not here), 1 something was not measured, 2 wrong option or no Linux, 130 cancelled.
        """;

    private static string Ids => string.Join(", ", AttackList.All.Select(attack => attack.Id));

    /// <summary>The folder of an older build; null measures the newer one alone.</summary>
    public string? Before { get; init; }

    /// <summary>The folder of the newer build; null is what is built in the tree.</summary>
    public string? After { get; init; }

    public IReadOnlyList<Attack> Attacks { get; init; } = AttackList.All;

    public IReadOnlyList<int> Factors { get; init; } = [1, 2, 4];

    /// <summary>From the repository's root; null writes no file.</summary>
    public string? Output { get; init; } = "bench/results";

    public static EdgeOptions Parse(string[] args)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("What becomes of a host's memory, descriptors and connections is read from /proc: run it on Linux.");
        }

        var options = new EdgeOptions();
        foreach (var (name, value) in OptionValues.Pair(args, Usage))
        {
            options = name switch
            {
                "--before" => options with { Before = Folder(name, value) },
                "--after" => options with { After = Folder(name, value) },
                "--attacks" => options with { Attacks = Known(value) },
                "--factors" => options with { Factors = [.. Parts(value).Select(factor => OptionValues.Positive(name, factor)).Distinct().Order()] },
                "--output" => options with { Output = value == "none" ? null : value },
                _ => throw new UsageException($"{name} is unknown.\n\n{Usage}"),
            };
        }

        // An attack keeps as many connections as it is large, within the descriptors of this process.
        return options.Factors is [.., > 8] ? throw new UsageException($"--factors goes up to 8, not {options.Factors[^1]}.") : options;
    }

    private static string Folder(string name, string value) =>
        Directory.Exists(value)
            ? Path.GetFullPath(value)
            : throw new UsageException($"{name} takes the folder of a published host; there is no '{value}'.");

    private static Attack[] Known(string value)
    {
        var ids = Parts(value);
        return ids.FirstOrDefault(id => AttackList.All.All(attack => attack.Id != id)) is { } unknown
            ? throw new UsageException($"--attacks knows {Ids}; '{unknown}' is none of them.")
            : [.. AttackList.All.Where(attack => ids.Contains(attack.Id))];
    }

    private static string[] Parts(string value) => value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
