using System.Globalization;
using System.Text;
using SideBySide.ColdPath;
using SideBySide.Memory;
using SideBySide.RoundTrips;
using SideBySide.Systems;

namespace SideBySide.Report;

internal static class MarkdownReport
{
    private const string NotMeasured = "–";

    public static string Write(ComparisonResult result)
    {
        var text = new StringBuilder();
        AppendHead(text, result);
        AppendTargets(text, result);
        AppendLoad(text, result);
        AppendRoundTrips(text, result);
        AppendStarts(text, result);
        AppendMemory(text, result);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendHead(StringBuilder text, ComparisonResult result)
    {
        var options = result.Options;
        List<string> lines =
        [
            .. new ReportHead(result.Date, result.Source, result.Machine).Lines,
            $"- Garbage collectors: {string.Join("; ", result.GarbageCollectors.Select(pair => $"{pair.Key}: {pair.Value}"))}",
            $"- Options: {options.Rounds} rounds of {options.Duration.TotalSeconds:0} s, connections {string.Join(", ", options.Connections)}, "
                + $"{options.Threads} wrk thread(s)"
                + $" ({result.Wrk ?? "not used"}), {options.ColdRounds} cold rounds, {options.MemoryRounds} memory rounds; systems "
                + $"{string.Join(", ", options.Systems)}; parts {string.Join(", ", options.Parts)}"
                + (options.HostEnvironment.Count > 0
                    ? $"; host: {string.Join(' ', options.HostEnvironment.Select(setting => setting.Split('=')[0]))} set"
                    : ""),
        ];
        text.Append("# Side by side\n\n")
            .AppendJoin('\n', lines)
            .Append("\n\nEvery figure is the median over the rounds, with the least and the most of them behind it.\n\n");
    }

    private static void AppendTargets(StringBuilder text, ComparisonResult result)
    {
        var table = new MarkdownTable("target", "wanted", "measured", "verdict");
        foreach (var target in result.Targets)
        {
            table.Add(target.What, target.Wanted, target.Measured?.Format("0.00") ?? NotMeasured, target.Verdict);
        }

        AppendSection(text, "Targets", table);
    }

    private static void AppendLoad(StringBuilder text, ComparisonResult result)
    {
        foreach (var connections in result.Options.Connections)
        {
            var table = new MarkdownTable("system", "calls/s", "p50 µs", "p99 µs", "to in-process", "to yarp", "to yarp-h2");
            foreach (var system in result.Options.Systems)
            {
                var samples = result.Load.Where(sample => sample.System == system && sample.Connections == connections).ToList();
                if (samples.Count > 0)
                {
                    table.Add(
                        system,
                        Spread.Of(samples.Select(sample => sample.CallsPerSecond))!.Format("0"),
                        Spread.Of(samples.Select(sample => sample.P50Microseconds))!.Format("0"),
                        Spread.Of(samples.Select(sample => sample.P99Microseconds))!.Format("0"),
                        CallsTo(SystemNames.InProcess),
                        CallsTo(SystemNames.Yarp),
                        CallsTo(SystemNames.YarpHttp2));
                }

                string CallsTo(string baseline) =>
                    Ratios.Calls(result, connections, system, baseline)?.Format("0.00") ?? NotMeasured;
            }

            AppendSection(text, $"Load: {connections} connection{(connections == 1 ? "" : "s")}", table);
        }
    }

    private static void AppendRoundTrips(StringBuilder text, ComparisonResult result)
    {
        var table = new MarkdownTable("one caller, own client", "p50 µs", "added to in-process, in bare round trips", "the same by wrk's p50");
        foreach (var name in result.Options.Systems.Append(RoundTripSample.Socket))
        {
            if (Spread.Of(result.RoundTrips.Where(sample => sample.Name == name).Select(sample => sample.P50Microseconds)) is { } median)
            {
                var isBaseline = name is SystemNames.InProcess or RoundTripSample.Socket;
                table.Add(
                    name,
                    median.Format("0.0"),
                    isBaseline ? NotMeasured : Ratios.AddedRoundTrips(result, name)?.Format("0.00") ?? NotMeasured,
                    isBaseline ? NotMeasured : Ratios.AddedRoundTripsByWrk(result, name)?.Format("0.00") ?? NotMeasured);
            }
        }

        AppendSection(text, "One caller", table);
    }

    private static void AppendStarts(StringBuilder text, ComparisonResult result)
    {
        var table = new MarkdownTable("start", "ms", "to a bare process", "invokes until 200");
        var bare = result.Starts.Where(sample => sample.Kind == StartSample.Bare).ToList();
        foreach (var kind in result.Starts.GroupBy(sample => sample.Kind))
        {
            table.Add(
                kind.Key,
                Spread.Of(kind.Select(sample => sample.Milliseconds))!.Format("0.0"),
                kind.Key == StartSample.Bare ? "1" : Ratios.ByRound(kind, bare, sample => sample.Milliseconds)!.Format("0.00"),
                kind.Key == StartSample.Bare ? NotMeasured : Spread.Of(kind.Select(sample => (double)sample.Attempts))!.Format("0"));
        }

        AppendSection(text, "Cold path", table);
    }

    private static void AppendMemory(StringBuilder text, ComparisonResult result)
    {
        var table = new MarkdownTable("resident memory", "when", "MB", "to a bare process");
        var bare = Spread.Of(result.Memory.Where(reading => reading.Process == MemoryReading.Bare).Select(reading => (double)reading.Bytes));
        foreach (var readings in result.Memory.GroupBy(reading => (reading.Process, reading.Moment)))
        {
            table.Add(
                readings.Key.Process,
                readings.Key.Moment,
                Spread.Of(readings.Select(reading => reading.Bytes / 1024.0 / 1024))!.Format("0.0"),
                bare is null
                    ? NotMeasured
                    : (Spread.Of(readings.Select(reading => (double)reading.Bytes))!.Median / bare.Median).ToString(
                        "0.00", CultureInfo.InvariantCulture));
        }

        AppendSection(text, "Memory", table);
    }

    private static void AppendSection(StringBuilder text, string title, MarkdownTable table)
    {
        if (!table.IsEmpty)
        {
            text.Append("## ").Append(title).Append("\n\n");
            table.AppendTo(text);
        }
    }
}
