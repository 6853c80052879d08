using System.Globalization;
using System.Text;
using SideBySide.Report;

namespace SideBySide.Deploys;

internal static class DeploysReport
{
    public static string Write(DeploysResult result)
    {
        var options = result.Options;
        var pace = options.Every > TimeSpan.Zero
            ? string.Create(CultureInfo.InvariantCulture, $"one every {options.Every.TotalSeconds:0} s")
            : "one right after the other";
        var text = new StringBuilder("# Deploys under load\n\n").AppendJoin('\n', result.Head.Lines).Append(CultureInfo.InvariantCulture, $"""

            - Options: {options.Count} deploys by upload, {options.Broken} of them broken, {pace};
              {options.Connections} connections of one client on the same machine; {options.Quiet.TotalSeconds:0} s quiet before and after

            ## Calls

            Failed: any status but 200, and connections lost. Mixed: an answer that is neither wholly the one version's nor the other's. Late:
            the version before answered a call that was sent after the deploy of the next had been answered.


            """);
        var quiet = result.Calls[0];
        var table = new MarkdownTable("phase", "s", "calls", "failed", "mixed", "late", "p50 µs", "p99 µs", "longest µs", "p99 to quiet");
        foreach (var phase in result.Calls)
        {
            table.Add(
                phase.Phase, $"{phase.Seconds:0.0}", $"{phase.Calls}", $"{phase.Failed}", $"{phase.Mixed}", $"{phase.Late}",
                $"{phase.P50Microseconds:0}", $"{phase.P99Microseconds:0}", $"{phase.MostMicroseconds:0}",
                $"{phase.P99Microseconds / quiet.P99Microseconds:0.00}");
        }

        table.AppendTo(text);
        text.Append("## Deploys\n\n");
        AppendDeploys(text, result);
        AppendList(
            text,
            "Calls that went wrong (the first of each phase)",
            result.Calls.SelectMany(phase => phase.FirstProblems.Select(problem => $"{phase.Phase}: {problem}")));
        AppendList(text, "Deploys that were not answered as they should be", result.WrongDeploys);
        return text.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendDeploys(StringBuilder text, DeploysResult result)
    {
        var table = new MarkdownTable("deploys", "count", "statuses", "ms");
        foreach (var group in result.Deploys.GroupBy(deploy => deploy.Fault))
        {
            var statuses = group.CountBy(deploy => deploy.Status).OrderBy(status => status.Key).Select(status => $"{status.Value}× {status.Key}");
            table.Add(
                group.Key == nameof(AnswerFault.None) ? "whole" : group.Key,
                $"{group.Count()}",
                string.Join(", ", statuses),
                Spread.Of(group.Select(deploy => deploy.Milliseconds))!.Format("0"));
        }

        table.AppendTo(text);
    }

    private static void AppendList(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var list = lines.ToList();
        if (list.Count > 0)
        {
            text.Append("## ").Append(title).Append("\n\n- ").AppendJoin("\n- ", list).Append("\n\n");
        }
    }
}
