using SideBySide.RoundTrips;
using SideBySide.Systems;

namespace SideBySide.Report;

/// <summary>Ratios are taken within a round, where both sides met the same machine, and only then summed up.</summary>
internal static class Ratios
{
    /// <summary>Calls per second to those of the fastest of <paramref name="baselines"/> in the same round.</summary>
    public static Spread? Calls(ComparisonResult result, int connections, string system, params IReadOnlyList<string> baselines) => Spread.Of(
        from over in result.Load
        join under in result.Load on (over.Round, over.Connections) equals (under.Round, under.Connections) into round
        let fastest = round.Where(sample => baselines.Contains(sample.System)).Max(sample => (double?)sample.CallsPerSecond)
        where over.Connections == connections && over.System == system && fastest is not null
        select over.CallsPerSecond / fastest.Value);

    /// <summary>What a process of its own adds to the median of one caller, in bare round trips; own client.</summary>
    public static Spread? AddedRoundTrips(ComparisonResult result, string system) => Added(result, system, [.. result.RoundTrips]);

    /// <summary>The same with the medians of wrk, which have whole microseconds.</summary>
    public static Spread? AddedRoundTripsByWrk(ComparisonResult result, string system) => Added(
        result,
        system,
        [.. result.Load.Where(sample => sample.Connections == 1)
            .Select(sample => new RoundTripSample(sample.System, sample.Round, sample.P50Microseconds))]);

    public static Spread? ByRound<T>(IEnumerable<T> over, IEnumerable<T> under, Func<T, double> value) =>
        Spread.Of(over.Zip(under, (a, b) => value(a) / value(b)));

    private static Spread? Added(ComparisonResult result, string system, RoundTripSample[] medians) => Spread.Of(
        from sample in medians
        join inProcess in medians on sample.Round equals inProcess.Round
        join socket in result.RoundTrips on sample.Round equals socket.Round
        where sample.Name == system && inProcess.Name == SystemNames.InProcess && socket.Name == RoundTripSample.Socket
        select (sample.P50Microseconds - inProcess.P50Microseconds) / socket.P50Microseconds);
}
