using SideBySide.ColdPath;
using SideBySide.Load;
using SideBySide.Memory;
using SideBySide.Options;
using SideBySide.Report;

namespace SideBySide;

/// <summary>The whole run: memory of processes that have done little first, then load, then cold starts, then the report.</summary>
internal static class Comparison
{
    public static Task<int> RunAsync(ComparisonOptions options) => MeasuredRun.RunAsync(async cancellationToken =>
    {
        var result = await MeasureAsync(options, cancellationToken);
        var report = MarkdownReport.Write(result);
        Console.Write(report);
        if (options.Output is { } output)
        {
            Progress.Report($"written to {await ResultFiles.WriteAsync(output, "", result.Head, result.Published, report, cancellationToken)}");
        }
    });

    private static async Task<ComparisonResult> MeasureAsync(ComparisonOptions options, CancellationToken cancellationToken)
    {
        using var wrk = options.HasPart("load") ? await Wrk.FindAsync(options, cancellationToken) : null;
        var result = new ComparisonResult
        {
            Date = TimeProvider.System.GetUtcNow(),
            Source = await SourceState.ReadAsync(cancellationToken),
            Machine = await Machine.ReadAsync(cancellationToken),
            Options = options,
            Wrk = wrk is null ? null : await Wrk.VersionAsync(cancellationToken),
            GarbageCollectors = GarbageCollection.Read(options),
        };

        if (options.HasPart("memory"))
        {
            Progress.Report("memory of idle processes");
            result = result with { Memory = await IdleMemory.ReadAsync(options, cancellationToken) };
        }

        if (wrk is not null)
        {
            var load = await new LoadComparison(options, wrk).RunAsync(cancellationToken);
            result = result with { Load = load.Load, RoundTrips = load.RoundTrips, Memory = [.. result.Memory, .. load.Memory] };
        }

        if (options.HasPart("cold"))
        {
            Progress.Report("cold starts");
            result = result with { Starts = await ColdStarts.MeasureAsync(options, cancellationToken) };
        }

        return result with { Targets = Target.Judge(result) };
    }
}
