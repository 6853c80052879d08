using System.Diagnostics;
using SideBySide.Load;
using SideBySide.Memory;
using SideBySide.Options;
using SideBySide.Processes;
using SideBySide.Report;
using SideBySide.Systems;

namespace SideBySide.Projects;

/// <summary>What many projects that sleep cost: memory, the time until all are there, and the calls of one that is awake.</summary>
internal static class ProjectsRun
{
    private const string Called = "p0000";
    private const string Path = $"/api/v1/functions/{Called}/greet/invoke";

    // Every project is loaded once before it may sleep: at a second each on two cores, 500 take some minutes.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(30);

    // The idle timeout, and the ends of as many workers as there are projects.
    private static readonly TimeSpan SleepLimit = TimeSpan.FromMinutes(10);

    // What the last worker's end sets in motion is over by then.
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, string> Settings = new() { ["IDLE_TIMEOUT"] = "5s" };

    public static Task<int> RunAsync(ProjectsOptions options) => MeasuredRun.RunAsync(async cancellationToken =>
    {
        var head = await ReportHead.ReadAsync(cancellationToken);
        var wrkOptions = new ComparisonOptions { Duration = options.Duration };
        using var wrk = await Wrk.FindAsync(wrkOptions, cancellationToken);
        await using var one = new TemporaryHost(SystemOf(1), Path, Settings);
        await using var many = new TemporaryHost(SystemOf(options.Count), Path, Settings);

        var memory = new List<MemoryReading>();
        AddProjects(one, 1);
        _ = await StartAsync(one, 1, memory, "asleep, 1 project", cancellationToken);
        AddProjects(many, options.Count);
        var first = await StartAsync(many, options.Count, memory, $"asleep, {options.Count} projects", cancellationToken);
        await many.KillAsync();
        var again = await StartAsync(many, options.Count, memory, $"asleep after a restart, {options.Count} projects", cancellationToken);
        var load = await LoadAsync(options, wrk, [one, many], cancellationToken);

        var result = new ProjectsResult(head, options, await Wrk.VersionAsync(cancellationToken), first, again, memory, load);
        var report = ProjectsReport.Write(result);
        Console.Write(report);
        if (options.Output is { } output)
        {
            var stored = result with { Options = options with { Output = null } };
            Progress.Report($"written to {await ResultFiles.WriteAsync(output, "-projects", head, stored, report, cancellationToken)}");
        }
    });

    public static string SystemOf(int projects) => $"{projects} project{(projects == 1 ? "" : "s")}";

    private static void AddProjects(TemporaryHost host, int count)
    {
        Progress.Report($"{host.Name}: copying");
        for (var project = 0; project < count; project++)
        {
            HelloProject.CopyTo(System.IO.Path.Combine(host.ProjectsDirectory, $"p{project:0000}"));
        }
    }

    /// <summary>Starts the host and reads its memory once all sleep.</summary>
    /// <returns>The seconds until all projects were there.</returns>
    private static async Task<double> StartAsync(
        TemporaryHost host, int count, List<MemoryReading> memory, string moment, CancellationToken cancellationToken)
    {
        Progress.Report($"{host.Name}: starting");
        var started = Stopwatch.GetTimestamp();
        await host.StartAsync(StartLimit, cancellationToken);
        await host.WaitForProjectsAsync(count, StartLimit, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        Progress.Report($"{host.Name}: there after {seconds:0.0} s");
        await host.WaitUntilAsleepAsync(SleepLimit, cancellationToken);
        await Task.Delay(Settle, cancellationToken);
        memory.AddRange(await host.ReadMemoryWithWorkersAsync(moment, cancellationToken));
        return seconds;
    }

    private static async Task<IReadOnlyList<LoadSample>> LoadAsync(
        ProjectsOptions options, Wrk wrk, TemporaryHost[] hosts, CancellationToken cancellationToken)
    {
        var samples = new List<LoadSample>();

        // Round 0 wakes the project and compiles its path; it is discarded.
        for (var round = 0; round <= options.Rounds; round++)
        {
            Progress.Report($"round {round} of {options.Rounds}");
            for (var turn = 0; turn < hosts.Length; turn++)
            {
                var host = hosts[(turn + round) % hosts.Length];
                await host.CheckAnswerAsync(cancellationToken); // It wakes the project where it has fallen asleep meanwhile.
                samples.Add(await wrk.RunAsync(host, options.Connections, round, cancellationToken));
            }
        }

        return [.. samples.Where(sample => sample.Round > 0)];
    }
}
