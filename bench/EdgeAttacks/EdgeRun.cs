using EdgeAttacks.Hosts;
using EdgeAttacks.Options;
using EdgeAttacks.Report;
using SideBySide;
using SideBySide.Processes;
using SideBySide.Report;

namespace EdgeAttacks;

/// <summary>Each attack at each factor against each build, builds in turn, each time on a fresh host.</summary>
internal static class EdgeRun
{
    // Each has a host, its workers and a standby worker: some 300 MB.
    private const int QuietHostsAtOnce = 12;

    public static async Task<int> RunAsync(EdgeOptions options)
    {
        var isWhole = true;
        var exitCode = await MeasuredRun.RunAsync(async cancellationToken =>
        {
            var head = await ReportHead.ReadAsync(cancellationToken);
            var files = Directory.CreateTempSubdirectory("edge-builds-");
            try
            {
                var builds = Copy(options, files.FullName);
                var samples = await MeasureAsync(options, builds, cancellationToken);
                var result = new EdgeResult(head, builds, options.Factors, samples);
                var report = EdgeReport.Write(result, options.Attacks);
                Console.Write(report);
                if (options.Output is { } output)
                {
                    Progress.Report($"written to {await ResultFiles.WriteAsync(output, "-edge", head, result, report, cancellationToken)}");
                }

                isWhole = samples.All(sample => sample.Problem is null);
            }
            finally
            {
                files.Delete(recursive: true);
            }
        });
        return isWhole ? exitCode : 1;
    }

    private static List<HostBuild> Copy(EdgeOptions options, string folder)
    {
        var builds = new List<HostBuild>();
        if (options.Before is { } before)
        {
            builds.Add(HostBuild.Copy("before", before, Path.Combine(folder, "before")));
        }

        // One build alone is neither before nor after anything.
        var label = builds.Count == 0 ? "current" : "after";
        builds.Add(HostBuild.Copy(label, options.After ?? Path.GetDirectoryName(Repository.SampleHost)!, Path.Combine(folder, "after")));
        return builds;
    }

    private static async Task<List<AttackSample>> MeasureAsync(EdgeOptions options, List<HostBuild> builds, CancellationToken cancellationToken)
    {
        var plans = (
            from attack in options.Attacks
            from factor in attack.Factors ?? options.Factors
            from build in builds
            select new AttackPlan(attack, factor, build)).ToLookup(plan => plan.Attack.IsQuiet);
        var samples = new List<AttackSample>();
        foreach (var together in plans[false].Chunk(1).Concat(plans[true].Chunk(QuietHostsAtOnce)))
        {
            samples.AddRange(await MeasureTogetherAsync(together, cancellationToken));
        }

        return samples;
    }

    /// <summary>
    /// Starts one host after the other, and each one's attack with it, beside those that go on. What cannot be measured is a sample too.
    /// </summary>
    private static async Task<AttackSample[]> MeasureTogetherAsync(AttackPlan[] plans, CancellationToken cancellationToken)
    {
        var samples = new List<Task<AttackSample>>();
        foreach (var plan in plans)
        {
            Progress.Report(plan.Name);
            try
            {
                samples.Add(MeasureAsync(await AttackedHost.PrepareAsync(plan, cancellationToken), cancellationToken));
            }
            catch (Exception failure) when (IsProblem(failure) && !cancellationToken.IsCancellationRequested)
            {
                Progress.Report($"  {failure.Message}");
                samples.Add(Task.FromResult(plan.Sample with { Problem = failure.Message }));
            }
            catch
            {
                // Interrupted: those that go on are interrupted as well, and end their hosts.
                await Task.WhenAll(samples).ContinueWith(_ => { }, TaskScheduler.Default);
                throw;
            }
        }

        return await Task.WhenAll(samples);
    }

    private static async Task<AttackSample> MeasureAsync(AttackedHost host, CancellationToken cancellationToken)
    {
        await using (host)
        {
            return await host.MeasureAsync(cancellationToken);
        }
    }

    private static bool IsProblem(Exception failure) => failure is MeasurementException or HttpRequestException or TaskCanceledException;
}
