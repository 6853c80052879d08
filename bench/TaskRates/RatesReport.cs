using System.Globalization;
using System.Text;
using SideBySide.Report;
using TaskRates.Systems;
using TaskStore;

namespace TaskRates;

internal static class RatesReport
{
    public const string Accepted = "accepted/s";
    public const string Finished = "finished/s";
    public const string Answered = "asked to answered";
    public const string Started = "asked to started";
    public const string After = "answered to started";
    public const string Count = "samples";
    public const string P50 = " p50";
    public const string P99 = " p99";

    public static string Key(string system, string what) => $"{system}|{what}";

    public static string Write(ReportHead head, RatesOptions options, Samples samples)
    {
        var text = new StringBuilder("# Task rates\n\n").AppendJoin('\n', head.Lines).Append(CultureInfo.InvariantCulture, $"""

            - Options: {options.Rounds} rounds; {options.Tasks} tasks by {options.Connections} connections;
              up to {options.Samples} tasks one after the other

            Every figure is the median over the rounds, with the least and the most of them behind it; ratios are taken within a round, of
            what comes as it is to what comes as it is, and of tuned to tuned. hangfire-memory loses all at a crash; the others answer once
            a task is on disk. Only cloudfunction runs a task in a process of its own.

            ## {options.Connections} callers


            """);
        var rates = new MarkdownTable("system", Accepted, Finished, "accepted: cloudfunction to it", "finished: cloudfunction to it");
        foreach (var system in options.Systems)
        {
            rates.Add(
                system,
                samples.Format(Key(system, Accepted)),
                samples.Format(Key(system, Finished)),
                Ratio(samples, system, Accepted),
                Ratio(samples, system, Finished));
        }

        rates.AppendTo(text);
        text.Append("## One task after the other, milliseconds\n\nA start may come before its caller has read the answer: then the time from the one "
            + "to the other is below zero. ")
            .Append(CultureInfo.InvariantCulture, $"A start that does not come within {Latency.StartLimit.TotalSeconds} s counts as that.\n\n");
        var times = new MarkdownTable(
            "system", Count, Answered + P50, Started + P50, Started + P99, After + P50, After + P99, "started p50: cloudfunction to it");
        foreach (var system in options.Systems)
        {
            string[] figures = [Answered + P50, Started + P50, Started + P99, After + P50, After + P99];
            times.Add([
                system,
                samples.Format(Key(system, Count)),
                .. figures.Select(what => samples.Format(Key(system, what), "0.00")),
                Ratio(samples, system, Started + P50),
            ]);
        }

        times.AppendTo(text);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static string Ratio(Samples samples, string system, string what) =>
        samples.Names.Contains(Key(SystemNames.BaseOf(system), what)) ? samples.Ratio(Key(SystemNames.BaseOf(system), what), Key(system, what)) : "–";
}
