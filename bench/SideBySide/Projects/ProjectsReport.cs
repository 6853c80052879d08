using System.Globalization;
using System.Text;
using SideBySide.Load;
using SideBySide.Memory;
using SideBySide.Report;

namespace SideBySide.Projects;

internal static class ProjectsReport
{
    public static string Write(ProjectsResult result)
    {
        var options = result.Options;
        var text = new StringBuilder("# Many projects\n\n").AppendJoin('\n', result.Head.Lines).Append(CultureInfo.InvariantCulture, $"""

            - Options: {options.Count} projects, IDLE_TIMEOUT=5s; {options.Rounds} rounds of {options.Duration.TotalSeconds:0} s,
              {options.Connections} connections ({result.Wrk})

            All projects were there {result.SecondsToFirstStart:0.0} s after the first start (each is copied and loaded once), and
            {result.SecondsToRestart:0.0} s after the next.
            Figures of calls are the median over the rounds, with the least and the most of them behind it.

            ## Memory


            """);
        AppendMemory(text, result);
        text.Append("## One warm project under load\n\n");
        AppendLoad(text, result);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendMemory(StringBuilder text, ProjectsResult result)
    {
        var table = new MarkdownTable("when", "host MB", "workers", "workers MB", "all MB");
        foreach (var readings in result.Memory.GroupBy(reading => reading.Moment))
        {
            var host = readings.First(reading => reading.Process == MemoryReading.Host);
            var workers = readings.First(reading => reading.Process != MemoryReading.Host);
            table.Add(readings.Key, Megabytes(host.Bytes), workers.Process, Megabytes(workers.Bytes), Megabytes(host.Bytes + workers.Bytes));
        }

        table.AppendTo(text);
    }

    private static void AppendLoad(StringBuilder text, ProjectsResult result)
    {
        var table = new MarkdownTable("host with", "calls/s", "p50 µs", "p99 µs", "p50 to 1 project", "p99 to 1 project");
        var alone = Of(1);
        foreach (var samples in new[] { alone, Of(result.Options.Count) })
        {
            table.Add(
                samples[0].System,
                Spread.Of(samples.Select(sample => sample.CallsPerSecond))!.Format("0"),
                Spread.Of(samples.Select(sample => sample.P50Microseconds))!.Format("0"),
                Spread.Of(samples.Select(sample => sample.P99Microseconds))!.Format("0"),
                Ratios.ByRound(samples, alone, sample => sample.P50Microseconds)!.Format("0.00"),
                Ratios.ByRound(samples, alone, sample => sample.P99Microseconds)!.Format("0.00"));
        }

        table.AppendTo(text);

        List<LoadSample> Of(int projects) =>
            [.. result.Load.Where(sample => sample.System == ProjectsRun.SystemOf(projects)).OrderBy(sample => sample.Round)];
    }

    private static string Megabytes(long bytes) => $"{bytes / 1024.0 / 1024:0.0}";
}
