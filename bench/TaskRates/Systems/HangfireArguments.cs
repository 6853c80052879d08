using System.Globalization;
using SideBySide.Options;

namespace TaskRates.Systems;

/// <summary>What a Hangfire process is given.</summary>
/// <param name="Port">Where it listens.</param>
/// <param name="Connection">To its PostgreSQL server; null: it stores in memory.</param>
/// <param name="Workers">How many jobs it runs at once; null: as many as it does by itself, and nothing else is tuned.</param>
internal sealed record HangfireArguments(int Port, string? Connection, int? Workers)
{
    public static HangfireArguments Parse(string[] args)
    {
        var arguments = new HangfireArguments(0, null, null);
        foreach (var (name, value) in OptionValues.Pair(args, "hangfire --port N [--connection TEXT] [--workers N]"))
        {
            arguments = name switch
            {
                "--port" => arguments with { Port = int.Parse(value, CultureInfo.InvariantCulture) },
                "--connection" => arguments with { Connection = value },
                "--workers" => arguments with { Workers = int.Parse(value, CultureInfo.InvariantCulture) },
                _ => throw new UsageException($"{name} is unknown to a Hangfire process."),
            };
        }

        return arguments;
    }
}
