using System.Globalization;
using System.Text;
using SideBySide.Report;
using SideBySide.Systems;

namespace SideBySide.Streams;

internal static class StreamsReport
{
    public static string Write(StreamsResult result)
    {
        var options = result.Options;
        var text = new StringBuilder("# Streams\n\n").AppendJoin('\n', result.Head.Lines).Append(CultureInfo.InvariantCulture, $"""

            - Options: {options.Rounds} rounds of {options.Streams} streams, one after the other; {options.Items} items of
              {options.ItemLength} characters to a reader that stops for {options.Stop.TotalSeconds:0} s

            ## First item

            From the moment the enumerator yields it to the moment a client on the same machine has read it, as a server-sent event;
            one stream at a time. Every figure is the median over the rounds, with the least and the most of them behind it.


            """);
        AppendFirstItems(text, result);
        text.Append("## A reader that stops\n\nAhead: items that had been made and not been read when the reader went on.\n\n");
        AppendHeldUp(text, result);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendFirstItems(StringBuilder text, StreamsResult result)
    {
        var table = new MarkdownTable("system", "p50 ms", "p99 ms", "longest ms", "p50 to in-process");
        var baseline = result.FirstItems.Where(sample => sample.System == SystemNames.InProcess).ToList();
        foreach (var system in result.FirstItems.GroupBy(sample => sample.System))
        {
            table.Add(
                system.Key,
                Spread.Of(system.Select(sample => sample.P50Milliseconds))!.Format("0.00"),
                Spread.Of(system.Select(sample => sample.P99Milliseconds))!.Format("0.00"),
                Spread.Of(system.Select(sample => sample.MostMilliseconds))!.Format("0.00"),
                Spread.Of(system.OrderBy(sample => sample.Round).Zip(
                    baseline.OrderBy(sample => sample.Round), (own, under) => own.P50Milliseconds / under.P50Milliseconds))!.Format("0.00"));
        }

        table.AppendTo(text);
    }

    private static void AppendHeldUp(StringBuilder text, StreamsResult result)
    {
        var streams = new MarkdownTable("system", "items read", "all, in order", "ahead", "s");
        var memory = new MarkdownTable("system", "process", "when", "MB");
        foreach (var stream in result.HeldUp)
        {
            streams.Add(stream.System, $"{stream.Items}", stream.IsWhole ? "yes" : "NO", $"{stream.Ahead}", $"{stream.Seconds:0.0}");
            foreach (var reading in stream.Memory)
            {
                memory.Add(stream.System, reading.Process, reading.Moment, $"{reading.Bytes / 1024.0 / 1024:0.0}");
            }
        }

        streams.AppendTo(text);
        memory.AppendTo(text);
    }
}
