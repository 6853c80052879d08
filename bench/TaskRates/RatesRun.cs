using SideBySide;
using SideBySide.Processes;
using SideBySide.Report;
using TaskRates.Systems;
using TaskStore;

namespace TaskRates;

/// <summary>Rounds in which each system is started anew, loaded, and then asked for one task after the other.</summary>
internal static class RatesRun
{
    public static Task<int> RunAsync(RatesOptions options) => MeasuredRun.RunAsync(async cancellationToken =>
    {
        var head = await ReportHead.ReadAsync(cancellationToken);
        var samples = new Samples();
        for (var round = 0; round <= options.Rounds; round++)
        {
            // The order rotates, so that none is always measured after the same one.
            for (var i = 0; i < options.Systems.Count; i++)
            {
                var name = options.Systems[(i + round) % options.Systems.Count];
                Progress.Report($"round {round} of {options.Rounds}: {name}");
                await MeasureAsync(name, options, round == 0 ? new Samples() : samples, cancellationToken);
            }
        }

        var report = RatesReport.Write(head, options, samples);
        Console.Write(report);
        if (options.Output is { } output)
        {
            var folder = Directory.CreateDirectory(Path.GetFullPath(output, Repository.Root)).FullName;
            var file = $"{head.Date:yyyy-MM-dd}-{head.Source.Commit}{(head.Source.IsDirty ? "-dirty" : "")}-task-rates.md";
            await File.WriteAllTextAsync(Path.Combine(folder, file), report, cancellationToken);
            Progress.Report($"written to {Path.Combine(output, file)}");
        }
    });

    private static async Task MeasureAsync(string name, RatesOptions options, Samples samples, CancellationToken cancellationToken)
    {
        await using var system = name.StartsWith(SystemNames.CloudFunction, StringComparison.Ordinal)
            ? await CloudFunctionTasks.StartAsync(name, options.Connections, cancellationToken)
            : await HangfireTasks.StartAsync(name, options.Connections, cancellationToken);
        var warmUp = Math.Max(1, options.Tasks / 5);
        await Load.RunAsync(system, options.Connections, warmUp, 0, cancellationToken);
        var (accepted, finished) = await Load.RunAsync(system, options.Connections, options.Tasks, warmUp, cancellationToken);
        samples.Add(RatesReport.Key(name, RatesReport.Accepted), accepted);
        samples.Add(RatesReport.Key(name, RatesReport.Finished), finished);
        var latency = await Latency.MeasureAsync(system, options.Samples, cancellationToken);
        foreach (var (what, values) in new[]
        {
            (RatesReport.Answered, latency.Answered),
            (RatesReport.Started, latency.Started),
            (RatesReport.After, latency.StartedAfterAnswer),
        })
        {
            samples.Add(RatesReport.Key(name, what + RatesReport.P50), Latency.Quantile(values, 0.5));
            samples.Add(RatesReport.Key(name, what + RatesReport.P99), Latency.Quantile(values, 0.99));
        }

        samples.Add(RatesReport.Key(name, RatesReport.Count), latency.Started.Count);
    }
}
