using System.Globalization;
using System.Text;
using EdgeAttacks.Attacks;
using EdgeAttacks.Clients;
using EdgeAttacks.Probes;
using SideBySide.Report;

namespace EdgeAttacks.Report;

/// <summary>A table for each attack: its factors and the builds beside each other.</summary>
internal static class EdgeReport
{
    private const string NotMeasured = "–";

    public static string Write(EdgeResult result, IReadOnlyList<Attack> attacks)
    {
        var text = new StringBuilder("# Attacks on the edge\n\n").AppendJoin('\n', result.Head.Lines).Append(CultureInfo.InvariantCulture, $"""

            - Hosts: {string.Join(", ", result.Builds.Select(build => $"{build.Label} is built from {build.Commit}"))}, each with its defaults

            Each row is a fresh host. Memory is that of its process, in MB: before the attack, the most, and four seconds after the clients are gone.
            Each project is called ten times a second (twice beside slow bodies), half of the calls on a new connection; answered is what had the
            right answer within 5 s, with p50 and p99 of these in ms. A client is cut when the server ends its connection or answers it while the
            attack goes on; where it reads nothing only an error counts. Seconds are from its connection to that, as median (least–most).


            """);
        foreach (var attack in attacks)
        {
            var samples = result.Samples.Where(sample => sample.Attack == attack.Id).OrderBy(sample => sample.Factor).ToList();
            text.Append("## ").Append(attack.Title).Append("\n\n").Append(attack.Description).Append("\n\n");
            Table(samples).AppendTo(text);
            foreach (var sample in samples)
            {
                if (Doubt(sample) is { } doubt)
                {
                    text.Append(CultureInfo.InvariantCulture, $"{sample.Build}, {sample.Count} clients: {doubt}\n\n");
                }
            }
        }

        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static MarkdownTable Table(List<AttackSample> samples)
    {
        var hasBesides = samples.Any(sample => sample.Besides is not null);
        string[] headers =
        [
            "clients", "build", "memory", "descriptors",
            "same project answered", "other project answered", "on new connections",
            "clients cut", "afterwards",
        ];
        var table = new MarkdownTable(hasBesides ? [.. headers, "besides"] : headers);
        foreach (var sample in samples.Where(sample => sample.Problem is null))
        {
            string[] cells =
            [
                $"{sample.Count}",
                sample.Build,
                $"{Megabytes(sample.BytesBefore)} → {Megabytes(sample.BytesPeak)} → {Megabytes(sample.BytesAfter)}",
                $"{sample.Descriptors}",
                Calls(sample.SameProject!),
                Calls(sample.OtherProject!),
                OnNewConnections(sample.SameProject!, sample.OtherProject!),
                Attackers(sample.Attackers!),
                Afterwards(sample),
            ];
            table.Add(hasBesides ? [.. cells, sample.Besides ?? NotMeasured] : cells);
        }

        return table;
    }

    private static string? Doubt(AttackSample sample) =>
        sample.Problem is { } problem ? $"not measured: {problem}"
        : sample.SameProject!.IsLate || sample.OtherProject!.IsLate ? "fewer calls were sent than were due: this program was short of processor time."
        : null;

    private static string Megabytes(long? bytes) => bytes is { } known ? (known >> 20).ToString(CultureInfo.InvariantCulture) : NotMeasured;

    private static string Calls(ProbeSummary calls)
    {
        var times = calls.Answered > 0 ? $"; {calls.P50Milliseconds:0.0}, {calls.P99Milliseconds:0.0}" : "";
        return $"{calls.Answered} of {calls.Calls}{times}{Counts(calls.Others)}";
    }

    private static string OnNewConnections(ProbeSummary same, ProbeSummary other) =>
        $"{same.AnsweredOnNewConnections + other.AnsweredOnNewConnections} of {same.OnNewConnections + other.OnNewConnections}";

    private static string Attackers(AttackerSummary attackers)
    {
        var times = attackers.CutSeconds is { } seconds ? $" after {seconds.Format("0.0")} s" : "";
        var refused = attackers.Connected < attackers.Wanted ? $"; {attackers.Wanted - attackers.Connected} not let in" : "";
        return attackers.Wanted == 0 ? NotMeasured : $"{attackers.Cut} of {attackers.Wanted}{times}{Counts(attackers.CutBy)}{refused}";
    }

    // The run's culture is the invariant one.
    private static string Afterwards(AttackSample sample) =>
        sample.KilledAfterSeconds is { } killed ? $"killed after {killed:0.0} s, for the machine's sake"
        : sample.EndedAfterSeconds is { } ended ? $"ended after {ended:0.0} s with exit code {sample.ExitCode}"
        : $"{(sample.AnswersAfter ? "answers" : "does not answer")}, {sample.CoresAfter:0.00} cores busy";

    private static string Counts(IReadOnlyDictionary<string, int> counts) =>
        counts.Count == 0 ? "" : $" ({string.Join(", ", counts.Select(count => $"{count.Key}: {count.Value}"))})";
}
